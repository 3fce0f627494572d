import type { Choice } from "../tasks/node-labeling.ts";
import type { EpochRecord } from "../train/history.ts";

/** What is remembered of a training run, for whoever looks at the file of a model. Numbers that are not finite are left out. */
export function trainingSummary({
  history,
  bestEpoch,
  choices,
  metrics,
}: {
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly choices: readonly Choice[];
  readonly metrics: Readonly<Record<"train" | "validation" | "test", object | undefined>>;
}): object {
  return {
    epochs: history.length,
    bestEpoch,
    choices: choices.map(({ option, value, reason }) => ({ option, value, reason })),
    metrics: Object.fromEntries(Object.entries(metrics).map(([part, values]) => [part, numbersOf(values)])),
  };
}

function numbersOf(values: object | undefined): Readonly<Record<string, number>> | undefined {
  return values && Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
