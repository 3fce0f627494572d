import { OptionError } from "../../errors.ts";
import { divide } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** @throws OptionError `out-of-range` unless the temperature is positive and finite. */
export function checkTemperature(where: string, temperature: number): void {
  if (temperature > 0 && temperature < Number.POSITIVE_INFINITY) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got the temperature ${temperature}; expected a positive, finite number.`,
  );
}

/** `logits / temperature`. */
export function tempered(logits: Tensor, temperature: number): Tensor {
  return temperature === 1 ? logits : divide(logits, temperature);
}
