import { FileError } from "../errors.ts";
import { type Shape, sameShape } from "../tensor/shapes.ts";
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
  const [missing, unexpected, different] = [new NamesToTell(), new NamesToTell(), new NamesToTell()];
  let found = 0;
  for (const [name, { shape }] of expected) {
    const stored = saved.get(name);
    if (stored === undefined) {
      missing.add(shown(name));
      continue;
    }
    found++;
    if (!sameShape(stored.shape, shape)) {
      different.add(`${shown(name)} of shape ${shownShape(stored.shape)} instead of ${shownShape(shape)}`);
    } else if (!isFloatTensor(stored)) different.add(`${shown(name)} of type ${stored.dtype} instead of F32 or F64`);
    else matching.set(name, stored);
  }
  if (saved.size > found) {
    for (const name of saved.keys()) if (!expected.has(name)) unexpected.add(shown(name));
  }
  const differences = Object.entries({ missing, unexpected, different }).filter(([, names]) => names.count > 0);
  if (differences.length === 0) return matching;
  throw new FileError(
    "state-differs",
    `${where}: got saved tensors that are not those of this object; ` +
      `${differences.map(([what, names]) => `${what}: ${names}`).join("; ")}. ` +
      "Make the object with the options that it was saved with; nothing was changed.",
  );
}

/** How many names there are, and the first of them: a file may have any number. */
class NamesToTell {
  count = 0;
  readonly #first: string[] = [];

  add(name: string): void {
    if (this.count++ < 10) this.#first.push(name);
  }

  toString(): string {
    const rest = this.count - this.#first.length;
    return this.#first.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  }
}
