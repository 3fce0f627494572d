import { OptionError } from "@vicinal/core";
import type { MultiLabelClassifierOptions } from "./node-classifier-options.ts";

/** What thresholds are chosen by. */
export interface ThresholdData {
  /** `[nodes * labelCount]`. */
  readonly labels: Uint8Array;
  readonly labelCount: number;
  /** `[nodes * labelCount]`. */
  readonly probabilities: ArrayLike<number>;
  readonly validation: Uint32Array;
}

type Thresholds = NonNullable<MultiLabelClassifierOptions["thresholds"]>;

/** @throws OptionError `out-of-range`, `no-validation`. */
export function checkThresholds(where: string, thresholds: Thresholds, validation: Uint32Array): void {
  if (thresholds === "validation") {
    if (validation.length > 0) return;
    throw new OptionError(
      "no-validation",
      `${where}: got thresholds "validation" and no node that is held out; expected validation nodes to choose by. Hold some out, or give a number.`,
    );
  }
  if (thresholds > 0 && thresholds < 1) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got thresholds ${JSON.stringify(thresholds)}; expected a number between 0 and 1, or "validation".`,
  );
}

/** One threshold a label. */
export function thresholdsFor(thresholds: Thresholds, data: ThresholdData): Float64Array {
  return Float64Array.from({ length: data.labelCount }, (_, label) =>
    thresholds === "validation" ? bestThreshold(data, label) : thresholds,
  );
}

/**
 * The threshold of one label with the best F1 score on the validation nodes, half way between two of their probabilities; of several the one
 * that is closest to 0.5. A label that no validation node carries has 0.5.
 */
function bestThreshold({ labels, labelCount, probabilities, validation }: ThresholdData, label: number): number {
  const at = (node: number): number => node * labelCount + label;
  const order = Array.from(validation).sort((a, b) => probabilities[at(b)]! - probabilities[at(a)]!);
  const positives = order.reduce((count, node) => count + labels[at(node)]!, 0);
  let best = { f1: 0, threshold: 0.5 };
  let found = 0;
  for (const [k, node] of order.entries()) {
    found += labels[at(node)]!;
    const probability = probabilities[at(node)]!;
    const next = order[k + 1];
    const below = next === undefined ? 0 : probabilities[at(next)]!;
    if (below === probability) continue;
    const f1 = (2 * found) / (k + 1 + positives);
    const threshold = (probability + below) / 2;
    const isCloser = Math.abs(threshold - 0.5) < Math.abs(best.threshold - 0.5);
    if (f1 > best.f1 || (f1 > 0 && f1 === best.f1 && isCloser)) best = { f1, threshold };
  }
  return best.threshold;
}
