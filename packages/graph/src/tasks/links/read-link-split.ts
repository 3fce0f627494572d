import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { EdgeGetter } from "../../convert/getter.ts";
import type { GraphLinks } from "./graph-links.ts";
import type { LearnLinksOptions } from "./learn-links-options.ts";
import { type LinkSplit, splitLinks } from "./split-links.ts";

/**
 * The part that each edge plays: as the option `split` says, or by the fractions.
 *
 * @throws DataError `wrong-type` for a part that is none of the three or a time that is no finite number, `missing-value` for an edge without time,
 * `too-few-edges`; OptionError `unknown-attribute` for an attribute that no edge has, `unused-option` for what has no effect beside `split`,
 * `out-of-range`.
 */
export function readLinkSplit(
  where: string,
  graph: AbstractGraph,
  links: GraphLinks,
  { split, time, testFraction, validationFraction, seed }: LearnLinksOptions,
): LinkSplit {
  if (split === undefined) {
    const times = time === undefined ? undefined : readTimes(where, graph, links, time);
    return splitLinks(links.edges, {
      times,
      ...(testFraction !== undefined && { testFraction }),
      ...(validationFraction !== undefined && { validationFraction }),
      ...(seed !== undefined && { seed }),
    });
  }
  for (const [name, value] of Object.entries({ time, testFraction, validationFraction })) {
    if (value === undefined) continue;
    throw new OptionError(
      "unused-option",
      `${where}: got the option ${name} beside split; expected one or the other. The split says of each edge what part it plays.`,
    );
  }
  return givenSplit(where, graph, links, split);
}

const parts = ["train", "validation", "test"] as const;

function givenSplit(
  where: string,
  graph: AbstractGraph,
  { edgeKeys }: GraphLinks,
  split: NonNullable<LearnLinksOptions["split"]>,
): LinkSplit {
  const given = new Map(
    readEdges(where, graph, "split", split).map(({ edge, value }) => {
      const part = parts.find((known) => known === (value ?? "train"));
      if (part !== undefined) return [edge, part];
      throw new DataError(
        "wrong-type",
        `${where}: the edge "${edge}" has the part ${JSON.stringify(value)}; expected "train", "validation", "test", or nothing for "train".`,
      );
    }),
  );
  const numbersOf = (part: (typeof parts)[number]): Uint32Array =>
    Uint32Array.from(edgeKeys.keys()).filter((e) => given.get(edgeKeys[e]!) === part);
  return { train: numbersOf("train"), validation: numbersOf("validation"), test: numbersOf("test") };
}

function readTimes(
  where: string,
  graph: AbstractGraph,
  { edgeKeys }: GraphLinks,
  time: EdgeGetter<number>,
): Float64Array {
  const times = new Map(
    readEdges(where, graph, "time", time).map(({ edge, value }) => {
      if (typeof value === "number" && Number.isFinite(value)) return [edge, value];
      throw new DataError(
        value === undefined || value === null ? "missing-value" : "wrong-type",
        `${where}: the edge "${edge}" has the time ${String(value)}; expected a finite number on every edge, such as milliseconds since 1970.`,
      );
    }),
  );
  return Float64Array.from(edgeKeys, (edge) => times.get(edge)!);
}

function readEdges(
  where: string,
  graph: AbstractGraph,
  option: string,
  getter: EdgeGetter<unknown>,
): { readonly edge: string; readonly value: unknown }[] {
  // A misspelt name would train on the edges that were to test the result.
  if (typeof getter === "string" && !graph.someEdge((_edge, attributes) => Object.hasOwn(attributes, getter))) {
    throw new OptionError(
      "unknown-attribute",
      `${where}: no edge has the attribute "${getter}"; expected the name of an edge attribute. Correct the option \`${option}\`, or leave it out.`,
    );
  }
  return graph.mapEdges((edge, attributes, source, target) => ({
    edge,
    value: typeof getter === "string" ? attributes[getter] : getter(edge, attributes, source, target),
  }));
}
