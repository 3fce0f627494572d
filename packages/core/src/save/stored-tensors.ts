import type { SafetensorsHeader } from "./safetensors-header.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/**
 * The tensors of a file by name, in the order of the header: a map that holds nothing but the header as it was taken down, and makes what it is asked for. A
 * tensor that is got twice is two objects over the same bytes.
 */
export function storedTensors(header: SafetensorsHeader): ReadonlyMap<string, StoredTensor> {
  function* each<Made>(make: (k: number) => Made): Generator<Made, undefined> {
    for (let k = 0; k < header.count; k++) yield make(k);
  }
  const entries = (): Generator<[string, StoredTensor], undefined> => each((k) => [header.name(k), header.tensor(k)]);
  const tensors: ReadonlyMap<string, StoredTensor> = {
    size: header.count,
    has: (name) => header.find(name) !== undefined,
    get: (name) => {
      const k = header.find(name);
      return k === undefined ? undefined : header.tensor(k);
    },
    keys: () => each(header.name),
    values: () => each(header.tensor),
    entries,
    [Symbol.iterator]: entries,
    forEach: (visit) => {
      for (const [name, tensor] of tensors) visit(tensor, name, tensors);
    },
  };
  return tensors;
}
