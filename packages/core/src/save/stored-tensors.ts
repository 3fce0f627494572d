import type { SafetensorsHeader } from "./safetensors-header.ts";
import { bytesOf, type StoredTensor } from "./stored-tensor.ts";
import { viewTensor } from "./view-tensor.ts";

/**
 * The tensors of a file by name: a map that holds nothing but the header as it was taken down, and makes what it is asked for. A tensor that is got twice is
 * two objects over the same bytes.
 */
export class StoredTensors implements ReadonlyMap<string, StoredTensor> {
  readonly size: number;
  readonly #header: SafetensorsHeader;
  readonly #file: Uint8Array;
  /** Where the numbers begin in the file. */
  readonly #start: number;
  /** What stands before the names, and the place of the first of them in the order of all names; undefined for all, in the order of the header. */
  readonly #section: { readonly prefix: string; readonly first: number } | undefined;

  constructor(
    header: SafetensorsHeader,
    file: Uint8Array,
    start: number,
    section?: { readonly prefix: string; readonly first: number; readonly size: number },
  ) {
    this.size = section?.size ?? header.count;
    this.#header = header;
    this.#file = file;
    this.#start = start;
    this.#section = section;
  }

  /** Those whose names begin with a text and a dot, by what follows these, in the order of their names. */
  section(name: string): StoredTensors {
    const prefix = `${name}.`;
    const first = this.#header.placeOf(prefix);
    // The character after the dot.
    const size = this.#header.placeOf(`${name}/`) - first;
    return new StoredTensors(this.#header, this.#file, this.#start, { prefix, first, size });
  }

  /** Count of numbers in all of them. */
  get numbers(): number {
    let numbers = 0;
    for (let place = 0; place < this.size; place++) {
      const k = this.#tensorAt(place);
      numbers += (this.#header.ends[k]! - this.#header.begins[k]!) / bytesOf(this.#header.dtype(k));
    }
    return numbers;
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  get(name: string): StoredTensor | undefined {
    const k = this.#find(name);
    return k === undefined ? undefined : this.#view(k);
  }

  *keys(): Generator<string, undefined> {
    for (let place = 0; place < this.size; place++) yield this.#nameAt(place);
  }

  *values(): Generator<StoredTensor, undefined> {
    for (let place = 0; place < this.size; place++) yield this.#view(this.#tensorAt(place));
  }

  *entries(): Generator<[string, StoredTensor], undefined> {
    for (let place = 0; place < this.size; place++) yield [this.#nameAt(place), this.#view(this.#tensorAt(place))];
  }

  [Symbol.iterator](): Generator<[string, StoredTensor], undefined> {
    return this.entries();
  }

  forEach(visit: (tensor: StoredTensor, name: string, tensors: ReadonlyMap<string, StoredTensor>) => void): void {
    for (const [name, tensor] of this) visit(tensor, name, this);
  }

  #find(name: string): number | undefined {
    const whole = `${this.#section?.prefix ?? ""}${name}`;
    const place = this.#header.placeOf(whole);
    return this.#header.isNamed(place, whole) ? this.#header.inOrder(place) : undefined;
  }

  #nameAt(place: number): string {
    return this.#header.name(this.#tensorAt(place)).slice(this.#section?.prefix.length ?? 0);
  }

  #tensorAt(place: number): number {
    return this.#section === undefined ? place : this.#header.inOrder(this.#section.first + place);
  }

  #view(k: number): StoredTensor {
    const [begin, end] = [this.#start + this.#header.begins[k]!, this.#start + this.#header.ends[k]!];
    return viewTensor(this.#header.dtype(k), this.#header.shape(k), this.#file, begin, end);
  }
}
