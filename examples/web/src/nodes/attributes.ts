import type { AbstractGraph } from "graphology-types";
import type { AttributeSummary } from "./protocol.ts";

/** Different values are counted up to here. */
const mostDistinct = 200;

/** Names that often hold what is to be predicted. */
const labelNames = ["club", "class", "community", "category", "group", "team", "department", "type", "label"];

type ValueKind = "text" | "number" | "flag" | "list" | "other";

/** What the attributes of a graph's nodes hold, in the order in which they are met. */
export function summarizeAttributes(graph: AbstractGraph): AttributeSummary[] {
  const found = new Map<
    string,
    { present: number; kinds: Set<ValueKind>; distinct: Set<unknown>; lengths: Set<number> }
  >();
  graph.forEachNode((_, attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (isMissing(value)) continue;
      const summary = found.get(name) ?? { present: 0, kinds: new Set(), distinct: new Set(), lengths: new Set() };
      found.set(name, summary);
      summary.present += 1;
      summary.kinds.add(kindOf(value));
      if (Array.isArray(value)) summary.lengths.add(value.length);
      if (summary.distinct.size < mostDistinct) summary.distinct.add(value);
    }
  });
  return Array.from(found, ([name, { present, kinds, distinct, lengths }]) => {
    const isPlain = !kinds.has("list") && !kinds.has("other");
    const isOneKind = kinds.size === 1 && !kinds.has("other");
    const isNameOfNodes =
      kinds.has("text") && distinct.size >= Math.min(mostDistinct, graph.order) && distinct.size > 1;
    return {
      name,
      present,
      distinct: distinct.size,
      canBeLabel: isPlain && distinct.size >= 2 && distinct.size < mostDistinct && distinct.size < present + 1,
      canBeFeature: isOneKind && !isNameOfNodes && (!kinds.has("list") || lengths.size === 1),
    };
  });
}

/** The attribute to predict, if nobody says another: one with few different values, rather one with a telling name. */
export function suggestedLabel(
  attributes: readonly AttributeSummary[],
  splitAttribute: string | undefined,
): string | undefined {
  const candidates = attributes.filter(
    ({ name, canBeLabel, distinct, present }) =>
      canBeLabel && name !== splitAttribute && distinct <= Math.max(2, present / 2),
  );
  const named = candidates.filter(({ name }) => labelNames.includes(name.toLowerCase()));
  const rank = (list: readonly AttributeSummary[]) => [...list].sort((a, b) => a.distinct - b.distinct)[0]?.name;
  return rank(named) ?? rank(candidates);
}

/** The attribute that says which part each labelled node plays, if there is one: it holds nothing else. */
export function splitAttributeOf(graph: AbstractGraph, attributes: readonly AttributeSummary[]): string | undefined {
  return attributes.find(({ name, distinct }) => {
    if (distinct > 3) return false;
    const values = new Set(graph.mapNodes((_, { [name]: value }) => (isMissing(value) ? undefined : value)));
    values.delete(undefined);
    return (
      values.has("train") &&
      [...values].every((value) => value === "train" || value === "validation" || value === "test")
    );
  })?.name;
}

/** Whether a node has no value: files write an empty text for one. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function kindOf(value: unknown): ValueKind {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "flag";
  if (typeof value === "number") return Number.isFinite(value) ? "number" : "other";
  return Array.isArray(value) && value.every((each) => Number.isFinite(each)) ? "list" : "other";
}
