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
  const [missing, different]: [string[], string[]] = [[], []];
  for (const [name, { shape }] of expected) {
    const found = saved.get(name);
    if (found === undefined) missing.push(shown(name));
    else if (!sameShape(found.shape, shape)) {
      different.push(`${shown(name)} of shape ${shownShape(found.shape)} instead of ${shownShape(shape)}`);
    } else if (!isFloatTensor(found)) different.push(`${shown(name)} of type ${found.dtype} instead of F32 or F64`);
    else matching.set(name, found);
  }
  const unexpected = [...saved.keys()].filter((name) => !expected.has(name)).map(shown);
  const differences = Object.entries({ missing, unexpected, different }).filter(([, names]) => names.length > 0);
  if (differences.length === 0) return matching;
  throw new FileError(
    "state-differs",
    `${where}: got saved tensors that are not those of this object; ` +
      `${differences.map(([what, names]) => `${what}: ${listed(names)}`).join("; ")}. ` +
      "Make the object with the options that it was saved with; nothing was changed.",
  );
}

function listed(names: readonly string[]): string {
  const most = 10;
  const rest = names.length - most;
  return names.slice(0, most).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
