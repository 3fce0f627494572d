import type { Phase } from "./phase.ts";
import type { EpochPoint, TrainingResult } from "./protocol.ts";

/** What a status is told of. */
export interface StatusFacts {
  readonly phase: Phase;
  readonly title: string | undefined;
  /** How many were asked for. */
  readonly epochs: number;
  readonly last: EpochPoint | undefined;
  readonly result: TrainingResult | undefined;
  readonly modelName: string | undefined;
  readonly threads: number;
}

/** Epochs that are told of apart: a reader's voice cannot keep up with each. */
const toldEpochs = 25;

/** What the page is doing, in a sentence. */
export function statusOf({ phase, title, epochs, last, result, modelName, threads }: StatusFacts): string {
  switch (phase) {
    case "opening":
      return "Reading the graph …";
    case "ready":
      return title === undefined ? "One moment …" : `${title} is open. No network has been trained yet.`;
    case "training": {
      const done = Math.floor((last?.epoch ?? 0) / toldEpochs) * toldEpochs;
      return `Training: ${done === 0 ? "begun" : `${done} of ${epochs} epochs done`}.`;
    }
    case "pausing":
      return "Pausing after this epoch …";
    case "paused":
      return `Paused after epoch ${last?.epoch ?? 0} of ${epochs}.`;
    case "stopping":
      return "Stopping …";
    case "trained":
      return result === undefined
        ? `${modelName ?? "A model"} answers for this graph.`
        : resultInWords(result, threads);
  }
}

function resultInWords(
  { wasStopped, epochs, bestEpoch, milliseconds, accuracy }: TrainingResult,
  threads: number,
): string {
  const time = `${(milliseconds / 1000).toFixed(1)} s on ${threads === 1 ? "one thread" : `${threads} threads`}`;
  const kept =
    wasStopped || bestEpoch === epochs ? "" : ` The weights of epoch ${bestEpoch} were the best and are kept.`;
  const right =
    accuracy.test !== null
      ? ` ${percent(accuracy.test)} of the hidden labels are right.`
      : accuracy.validation !== null
        ? ` ${percent(accuracy.validation)} of the held-out labels are right.`
        : "";
  return `${wasStopped ? "Stopped" : "Trained"} after ${epochs} epochs, in ${time}.${kept}${right}`;
}

/** A share as text, such as `"96.9 %"`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
