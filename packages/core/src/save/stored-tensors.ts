import type { SafetensorsHeader } from "./safetensors-header.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/**
 * The tensors of a file by name: a map that holds nothing but the header as it was taken down, and makes what it is asked for. A tensor that is got twice is
 * two objects over the same bytes.
 */
export class StoredTensors implements ReadonlyMap<string, StoredTensor> {
  readonly size: number;
  readonly #header: SafetensorsHeader;
  /** What stands before the names. */
  readonly #prefix: string;
  /** Those that are here; undefined for all, in the order of the header. */
  readonly #section: Uint32Array | undefined;

  constructor(header: SafetensorsHeader, prefix = "", section?: Uint32Array) {
    this.size = section?.length ?? header.count;
    this.#header = header;
    this.#prefix = prefix;
    this.#section = section;
  }

  /** Those whose names begin with a text and a dot, by what follows these, in the order of their names. */
  section(name: string): StoredTensors {
    return new StoredTensors(this.#header, `${name}.`, this.#header.section(name));
  }

  /** Count of numbers in all of them. */
  get numbers(): number {
    let numbers = 0;
    for (const count of this.#each((k) => this.#header.numbers(k))) numbers += count;
    return numbers;
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  get(name: string): StoredTensor | undefined {
    const k = this.#find(name);
    return k === undefined ? undefined : this.#header.tensor(k);
  }

  keys(): Generator<string, undefined> {
    return this.#each((k) => this.#name(k));
  }

  values(): Generator<StoredTensor, undefined> {
    return this.#each((k) => this.#header.tensor(k));
  }

  entries(): Generator<[string, StoredTensor], undefined> {
    return this.#each((k) => [this.#name(k), this.#header.tensor(k)]);
  }

  [Symbol.iterator](): Generator<[string, StoredTensor], undefined> {
    return this.entries();
  }

  forEach(visit: (tensor: StoredTensor, name: string, tensors: ReadonlyMap<string, StoredTensor>) => void): void {
    for (const [name, tensor] of this) visit(tensor, name, this);
  }

  #find(name: string): number | undefined {
    return this.#header.find(this.#prefix + name);
  }

  #name(k: number): string {
    return this.#header.name(k).slice(this.#prefix.length);
  }

  *#each<Made>(make: (k: number) => Made): Generator<Made, undefined> {
    for (let place = 0; place < this.size; place++) yield make(this.#section?.[place] ?? place);
  }
}
