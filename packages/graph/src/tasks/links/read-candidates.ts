import { DataError, OptionError } from "@vicinal/core";
import { checkTop } from "./check-pairs.ts";
import type { GraphLinks } from "./graph-links.ts";
import type { PredictLinksOptions } from "./predict-links-options.ts";
import type { RankOptions } from "./rank-links.ts";

/** Up to how many nodes every pair is a candidate by default: 50 million pairs take some seconds. */
const fewNodes = 10_000;

/** How many links are predicted by default. */
const defaultTop = 100;

/**
 * The candidates in node numbers.
 *
 * @throws DataError `unknown-node`, `self-loop`, or `wrong-type` for a list of something else than pairs; OptionError `out-of-range`.
 */
export function readCandidates(
  { nodes, indexOf }: Pick<GraphLinks, "nodes" | "indexOf">,
  { candidates, top, signal }: Pick<PredictLinksOptions, "candidates" | "top" | "signal">,
): RankOptions {
  if (top !== undefined) checkTop(top);
  const byDefault = nodes.length <= fewNodes ? "all" : "near";
  if (candidates === undefined) return { candidates: byDefault, top: top ?? defaultTop, signal };
  const named = (["all", "near"] as const).find((name) => name === candidates);
  if (named !== undefined) return { candidates: named, top: top ?? defaultTop, signal };
  if (typeof candidates === "function") {
    const accept = (source: number, target: number): boolean => candidates(nodes[source]!, nodes[target]!);
    return { candidates: byDefault, top: top ?? defaultTop, accept, signal };
  }
  if (typeof candidates !== "object" || candidates === null || !(Symbol.iterator in candidates)) {
    throw new OptionError(
      "out-of-range",
      `predictLinks: got the candidates ${JSON.stringify(candidates)}; expected "all", "near", a function of a pair, or a list of pairs.`,
    );
  }
  const pairs = Array.from(candidates, (pair) => readPair(pair, indexOf));
  const list = {
    sources: Uint32Array.from(pairs, ([source]) => source),
    targets: Uint32Array.from(pairs, ([, target]) => target),
  };
  return { candidates: list, top: top ?? Math.max(1, pairs.length), signal };
}

function readPair(pair: unknown, indexOf: GraphLinks["indexOf"]): [source: number, target: number] {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new DataError(
      "wrong-type",
      `predictLinks: got the candidate ${JSON.stringify(pair)}; expected a pair of node keys, such as ["Ada", "Ben"].`,
    );
  }
  const [source, target] = pair.map((node: unknown) => {
    const index = indexOf.get(String(node));
    if (index !== undefined) return index;
    throw new DataError(
      "unknown-node",
      `predictLinks: got the candidate ${JSON.stringify(pair)}; expected the keys of two nodes of the graph, which has no "${String(node)}".`,
    );
  });
  if (source === undefined || target === undefined || source === target) {
    throw new DataError(
      "self-loop",
      `predictLinks: got the candidate ${JSON.stringify(pair)}; expected two different nodes. Links of a node to itself are not predicted.`,
    );
  }
  return [source, target];
}
