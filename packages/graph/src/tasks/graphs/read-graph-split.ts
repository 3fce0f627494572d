import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { ItemSplit } from "../split/item-split.ts";
import { splitByTime } from "../split/split-items.ts";
import type { PredictGraphsOptions } from "./predict-graphs-options.ts";
import { readGraphValues } from "./read-graph-values.ts";

const where = "predictGraphs";

const parts = ["train", "validation", "test"] as const;

/**
 * The part that each graph with a target plays, as the options `split` or `time` say; undefined where the split is to be drawn.
 *
 * @param known Numbers of the graphs with a target, ascending.
 * @throws DataError `wrong-type` for a part that is none of the three or a time that is no finite number, `missing-value` for a graph without time,
 * `too-few-items`; OptionError `unknown-attribute`, `unused-option`, `out-of-range`.
 */
export function readGraphSplit(
  graphs: readonly AbstractGraph[],
  known: Uint32Array,
  { split, time, testFraction, validationFraction }: PredictGraphsOptions,
): ItemSplit | undefined {
  if (split === undefined) {
    return time === undefined
      ? undefined
      : splitByTime(readTimes(graphs, known, time), {
          items: known,
          ...(testFraction !== undefined && { testFraction }),
          ...(validationFraction !== undefined && { validationFraction }),
        });
  }
  for (const [name, value] of Object.entries({ time, testFraction, validationFraction })) {
    if (value === undefined) continue;
    throw new OptionError(
      "unused-option",
      `${where}: got the option ${name} beside split; expected one or the other. The split says of each graph what part it plays.`,
    );
  }
  const given = readGraphValues(where, "split", graphs, split).map((value, graph) => {
    const part = parts.find((name) => name === (value ?? "train"));
    if (part !== undefined) return part;
    throw new DataError(
      "wrong-type",
      `${where}: graph ${graph} has the part ${JSON.stringify(value)}; expected "train", "validation", "test", or nothing for "train".`,
    );
  });
  const numbersOf = (part: (typeof parts)[number]): Uint32Array => known.filter((graph) => given[graph] === part);
  return { train: numbersOf("train"), validation: numbersOf("validation"), test: numbersOf("test") };
}

function readTimes(
  graphs: readonly AbstractGraph[],
  known: Uint32Array,
  time: NonNullable<PredictGraphsOptions["time"]>,
): Float64Array {
  const values = readGraphValues(where, "time", graphs, time);
  const times = new Float64Array(graphs.length);
  for (const graph of known) {
    const value = values[graph];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new DataError(
        value === undefined ? "missing-value" : "wrong-type",
        `${where}: graph ${graph} has the time ${String(value)}; expected a finite number on every graph with a target, such as milliseconds since 1970.`,
      );
    }
    times[graph] = value;
  }
  return times;
}
