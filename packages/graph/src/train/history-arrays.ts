import { FileError, type StoredTensor, type WritableTensor } from "@vicinal/core";
import type { EpochRecord } from "./history.ts";

const columns = ["loss", "validationLoss", "validationMetric", "milliseconds"] as const;

/** A history as arrays `[epochs]`: in JSON there is no infinity, and no NaN. */
export function historyToArrays(history: readonly EpochRecord[]): Map<string, WritableTensor> {
  const shape = [history.length];
  const arrays = new Map<string, WritableTensor>();
  for (const column of columns) {
    const values = Float64Array.from(history, (record) => record[column] ?? Number.NaN);
    arrays.set(column, { dtype: "F64", shape, values });
  }
  const validated = Uint8Array.from(history, ({ validationLoss }) => (validationLoss === undefined ? 0 : 1));
  return arrays.set("validated", { dtype: "U8", shape, values: validated });
}

/** @throws FileError `invalid-checkpoint` for other arrays than {@link historyToArrays} gives. */
export function historyFromArrays(arrays: ReadonlyMap<string, StoredTensor>): EpochRecord[] {
  const validated = arrays.get("validated");
  const [loss, validationLoss, validationMetric, milliseconds] = columns.map((name) => arrays.get(name));
  if (
    validated?.dtype !== "U8" ||
    loss?.dtype !== "F64" ||
    validationLoss?.dtype !== "F64" ||
    validationMetric?.dtype !== "F64" ||
    milliseconds?.dtype !== "F64" ||
    arrays.size !== columns.length + 1 ||
    [...arrays.values()].some(({ values }) => values.length !== validated.values.length)
  ) {
    throw new FileError(
      "invalid-checkpoint",
      `fit: got a checkpoint whose history is not ${columns.join(", ")} and validated, as many of each; expected one that fit wrote.`,
    );
  }
  return Array.from(validated.values, (isValidated, k) => ({
    epoch: k + 1,
    loss: loss.values[k]!,
    validationLoss: isValidated === 0 ? undefined : validationLoss.values[k]!,
    validationMetric: isValidated === 0 ? undefined : validationMetric.values[k]!,
    milliseconds: milliseconds.values[k]!,
  }));
}
