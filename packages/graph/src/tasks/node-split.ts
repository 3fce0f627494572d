import { checkOptionNames, DataError, OptionError, Random } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeAttributeNames } from "../convert/attribute-names.ts";
import type { NodeGetter } from "../convert/getter.ts";
import type { NodeSplitOptions, NodeSplitSource, SplitPart } from "./label-nodes-options.ts";
import type { HeldFractions, NodeSplit } from "./node-parts.ts";
import { splitByTime } from "./split-by-time.ts";

/** Labelled nodes from which on a share is held out for validation, and that share. */
const validation = { from: 50, share: 0.2 };

/** The share that is tested on where a split is asked for. */
const testShare = 0.2;

/** What a split is read from. */
export interface SplitRequest {
  /** What errors begin with. */
  readonly where: string;
  readonly graph: AbstractGraph;
  /** Of each node; undefined where it has none. */
  readonly labels: readonly (string | undefined)[];
  readonly split: NodeSplitSource | undefined;
  readonly seed?: number | undefined;
  /** Whether labels are classes, which parts can have equal shares of. Default true. */
  readonly hasClasses?: boolean;
}

/**
 * The part of each labelled node: as given, by time, or drawn; by default a share of each class held out for validation.
 *
 * @throws DataError `wrong-type` for a part that is none of the three, or a time that is none, `missing-time`, `not-finite`, `too-few-labels` when a
 * part would be empty; OptionError `unknown-attribute` for an attribute that no node has, `unknown-option`, `out-of-range`, `unused-option`.
 */
export function readSplit({ where, graph, labels, split, seed = 0, hasClasses = true }: SplitRequest): NodeSplit {
  const labelled = Array.from(labels.keys()).filter((i) => labels[i] !== undefined);
  const validationFraction = labelled.length < validation.from ? 0 : validation.share;
  if (split === undefined) return draw(labelled, labels, { testFraction: 0, validationFraction }, seed);
  if (typeof split !== "object") return givenParts(where, graph, labelled, split);
  checkSplitOptions(where, split, hasClasses);
  const held = { testFraction: testShare, validationFraction, ...split };
  checkFractions(where, held);
  const { byTime, stratified = hasClasses } = split;
  const parts =
    byTime === undefined
      ? draw(labelled, stratified ? labels : labels.map(() => "any"), held, seed)
      : splitByTime({ where, graph, labelled, time: byTime }, held);
  checkParts(where, parts, labelled.length, held);
  return parts;
}

function givenParts(
  where: string,
  graph: AbstractGraph,
  labelled: readonly number[],
  split: NodeGetter<SplitPart | null | undefined>,
): NodeSplit {
  const parts: Record<SplitPart, number[]> = { train: [], validation: [], test: [] };
  const given = readParts(where, graph, split);
  for (const i of labelled) {
    const { node, part } = given[i]!;
    if (part !== "train" && part !== "validation" && part !== "test") {
      throw new DataError(
        "wrong-type",
        `${where}: node "${node}" has the part ${JSON.stringify(part)}; expected "train", "validation", "test", or nothing for "train".`,
      );
    }
    parts[part].push(i);
  }
  return {
    train: Uint32Array.from(parts.train),
    validation: Uint32Array.from(parts.validation),
    test: Uint32Array.from(parts.test),
  };
}

function readParts(
  where: string,
  graph: AbstractGraph,
  split: NodeGetter<SplitPart | null | undefined>,
): { readonly node: string; readonly part: unknown }[] {
  // A misspelt name would train on the nodes that were to test the result.
  if (typeof split === "string" && !nodeAttributeNames(graph).includes(split)) {
    throw new OptionError(
      "unknown-attribute",
      `${where}: no node has the attribute "${split}"; expected the name of the attribute that holds "train", "validation" or "test". ` +
        "Correct the option `split`, or leave it out.",
    );
  }
  return graph.mapNodes((node, attributes) => ({
    node,
    part: (typeof split === "string" ? attributes[split] : split(node, attributes)) ?? "train",
  }));
}

function checkSplitOptions(where: string, split: NodeSplitOptions, hasClasses: boolean): void {
  const names = ["byTime", "testFraction", "validationFraction"];
  checkOptionNames(`${where} (split)`, split, hasClasses ? [...names, "stratified"] : names);
  if (split.byTime === undefined || split.stratified === undefined) return;
  throw new OptionError(
    "unused-option",
    `${where}: got stratified for a split by time; expected it for parts that are drawn alone.`,
  );
}

function checkFractions(where: string, { testFraction, validationFraction }: HeldFractions): void {
  for (const [name, fraction] of Object.entries({ testFraction, validationFraction })) {
    if (fraction >= 0 && testFraction + validationFraction < 1) continue;
    throw new OptionError(
      "out-of-range",
      `${where}: got ${name} ${fraction}; expected fractions from 0 that together leave something to train on.`,
    );
  }
}

function checkParts(where: string, parts: NodeSplit, labelled: number, held: HeldFractions): void {
  const isEmpty =
    parts.train.length === 0 ||
    (held.testFraction > 0 && parts.test.length === 0) ||
    (held.validationFraction > 0 && parts.validation.length === 0);
  if (!isEmpty) return;
  throw new DataError(
    "too-few-labels",
    `${where}: got ${labelled} labelled nodes to hold out ${held.testFraction} for testing and ${held.validationFraction} for validation; expected ` +
      "enough for at least one node in each part. Hold out another share, or none.",
  );
}

/** Draws a share of the nodes of each label, rounded down, for testing, and one for validation. */
function draw(
  labelled: readonly number[],
  labels: readonly (string | undefined)[],
  { testFraction, validationFraction }: HeldFractions,
  seed: number,
): NodeSplit {
  const byLabel = new Map<string | undefined, number[]>();
  for (const i of labelled) {
    const members = byLabel.get(labels[i]);
    if (members === undefined) byLabel.set(labels[i], [i]);
    else members.push(i);
  }
  const random = new Random(seed).fork();
  const test: number[] = [];
  const held: number[] = [];
  for (const members of byLabel.values()) {
    const tested = Math.floor(members.length * testFraction);
    const heldOut = Math.floor(members.length * validationFraction);
    random.shuffle(members);
    test.push(...members.slice(0, tested));
    held.push(...members.slice(tested, tested + heldOut));
  }
  const isHeld = new Set([...test, ...held]);
  return {
    train: Uint32Array.from(labelled.filter((i) => !isHeld.has(i))),
    validation: Uint32Array.from(held).sort(),
    test: Uint32Array.from(test).sort(),
  };
}
