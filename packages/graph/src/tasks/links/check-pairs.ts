import { checkOptionNames, DataError, OptionError } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import type { RankOptions } from "./rank-links.ts";

/** @throws DataError `wrong-length`, `index-out-of-range`, or `self-loop` for a pair of a node with itself. */
export function checkPairs({ sources, targets }: Edges, nodes: number): void {
  if (sources.length !== targets.length) {
    throw new DataError(
      "wrong-length",
      `link prediction: got ${sources.length} sources and ${targets.length} targets; expected one of each a pair.`,
    );
  }
  for (let k = 0; k < sources.length; k++) {
    const [source, target] = [sources[k]!, targets[k]!];
    if (source >= nodes || target >= nodes) {
      throw new DataError(
        "index-out-of-range",
        `link prediction: pair ${k} is of the nodes ${source} and ${target}; expected numbers below ${nodes}, the count of nodes.`,
      );
    }
    if (source !== target) continue;
    throw new DataError(
      "self-loop",
      `link prediction: pair ${k} is of node ${source} with itself; expected two nodes. Links of a node to itself are not predicted.`,
    );
  }
}

/** @throws OptionError `unknown-option`, `out-of-range`; as {@link checkPairs} for a list. */
export function checkRankOptions(options: RankOptions, nodes: number): void {
  checkOptionNames("rank", options, ["candidates", "top", "accept", "signal"]);
  const { candidates, top } = options;
  checkTop(top);
  if (candidates === "all" || candidates === "near") return;
  if (typeof candidates === "object" && candidates !== null) {
    checkPairs(candidates, nodes);
    return;
  }
  throw new OptionError(
    "out-of-range",
    `link prediction: got the candidates ${JSON.stringify(candidates)}; expected "all", "near" or a list of pairs.`,
  );
}

/** @throws OptionError `out-of-range`. */
export function checkTop(top: number): void {
  if (Number.isInteger(top) && top > 0) return;
  throw new OptionError("out-of-range", `link prediction: got top ${top}; expected a whole number above 0.`);
}
