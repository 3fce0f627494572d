import { FileError } from "../errors.ts";
import { type Shape, sameShape } from "../tensor/shapes.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { shown, shownShape } from "./shown.ts";
import { type FloatTensor, isFloatTensor, type StoredTensor } from "./stored-tensor.ts";

/**
 * Compares the names and shapes of saved tensors with what they are to be written into. All of them, so that one error tells what differs.
 *
 * @returns What is to be written, by name.
 * @throws FileError `state-differs` naming what is missing, what is unexpected, and what has another shape or is no floating-point number.
 */
export function matchState(
  where: string,
  expected: ReadonlyMap<string, { readonly shape: Shape }>,
  saved: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, FloatTensor> {
  const matching = new Map<string, FloatTensor>();
  const [missing, different, unexpected]: [string[], string[], string[]] = [[], [], []];
  for (const [name, { shape }] of expected) {
    const stored = saved.get(name);
    if (stored === undefined) missing.push(shown(name));
    else if (!sameShape(stored.shape, shape)) {
      different.push(`${shown(name)} of shape ${shownShape(stored.shape)} instead of ${shownShape(shape)}`);
    } else if (!isFloatTensor(stored)) different.push(`${shown(name)} of type ${stored.dtype} instead of F32 or F64`);
    else matching.set(name, stored);
  }
  // No more than are told: a file may have any number.
  const others = saved.size - (expected.size - missing.length);
  if (others > 0) {
    for (const name of saved.keys()) {
      if (expected.has(name)) continue;
      if (unexpected.push(shown(name)) === mostTold) break;
    }
  }
  const differences = [
    ...told("missing", missing, missing.length),
    ...told("unexpected", unexpected, others),
    ...told("different", different, different.length),
  ];
  if (differences.length === 0) return matching;
  throw new FileError(
    "state-differs",
    `${where}: got saved tensors that are not those of this object; ${differences.join("; ")}. ` +
      "Make the object with the options that it was saved with; nothing was changed.",
  );
}

/** Writes saved tensors into those of the same names: all, or none. @throws FileError `state-differs`. */
export function loadState(
  where: string,
  tensors: ReadonlyMap<string, Tensor>,
  saved: ReadonlyMap<string, StoredTensor>,
): void {
  for (const [name, { values }] of matchState(where, tensors, saved)) tensors.get(name)?.set(values);
}

const mostTold = 10;

/** The first of `count` names. */
function told(what: string, names: readonly string[], count: number): string[] {
  const rest = count > mostTold ? ` and ${count - mostTold} more` : "";
  return count === 0 ? [] : [`${what}: ${names.slice(0, mostTold).join(", ")}${rest}`];
}
