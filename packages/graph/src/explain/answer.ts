import { OptionError } from "@vicinal/core";

/**
 * Which number of an answer is looked at: the probability of one output by softmax over all, the probability of one output by itself, the output as it
 * is, such as a logit or a predicted number; or a function of all outputs, `[outputs]`.
 */
export type AnswerMeasure = "softmax" | "sigmoid" | "output" | ((outputs: readonly number[]) => number);

/** How an answer is turned into the number that is looked at. */
export interface AnswerOptions {
  /** The output, such as a class. Default: the largest. */
  readonly target?: number | undefined;
  /** Default `"softmax"`; `"output"` for a model of one output. */
  readonly measure?: AnswerMeasure | undefined;
}

/**
 * Settles which output is looked at, and how, on the answer of the whole graph.
 *
 * @throws OptionError `out-of-range` for a target that is not there.
 */
export function settledMeasure(
  where: string,
  outputs: readonly number[],
  { target, measure = outputs.length === 1 ? "output" : "softmax" }: AnswerOptions,
): { readonly target: number; readonly read: (outputs: readonly number[]) => number } {
  const settled = target ?? outputs.indexOf(Math.max(...outputs));
  if (!(Number.isInteger(settled) && settled >= 0 && settled < outputs.length)) {
    throw new OptionError(
      "out-of-range",
      `${where}: got the target ${settled}; expected a whole number below ${outputs.length}, the count of outputs.`,
    );
  }
  return { target: settled, read: readerOf(settled, measure) };
}

function readerOf(target: number, measure: AnswerMeasure): (outputs: readonly number[]) => number {
  if (typeof measure === "function") return measure;
  switch (measure) {
    case "softmax":
      return (outputs) => {
        const most = Math.max(...outputs);
        const total = outputs.reduce((sum, output) => sum + Math.exp(output - most), 0);
        return Math.exp(outputs[target]! - most) / total;
      };
    case "sigmoid":
      return (outputs) => 1 / (1 + Math.exp(-outputs[target]!));
    case "output":
      return (outputs) => outputs[target]!;
  }
}

/** @throws OptionError `out-of-range` for a measure that is not known. */
export function checkMeasure(where: string, measure: AnswerMeasure | undefined): void {
  if (measure === undefined || typeof measure === "function") return;
  if (["softmax", "sigmoid", "output"].includes(measure)) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got the measure ${JSON.stringify(measure)}; expected "softmax", "sigmoid", "output" or a function of the outputs.`,
  );
}
