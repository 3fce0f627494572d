import type { FloatBuffer } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";

/** A buffer that several tensors may share (a tensor and its reshapes); the engine gets it back when the last one lets go. */
export class Storage {
  readonly engine: Engine;
  readonly buffer: FloatBuffer;
  #holders = 0;

  constructor(engine: Engine, buffer: FloatBuffer) {
    this.engine = engine;
    this.buffer = buffer;
  }

  /** Whether only one tensor holds it. */
  get isUnshared(): boolean {
    return this.#holders === 1;
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) this.engine.free(this.buffer);
  }
}

/** Frees what a program dropped without a scope. A net, not a plan: when it runs is up to the garbage collector. */
const dropped = new FinalizationRegistry<Storage>((storage) => storage.release());

/** Lets go of `storage` when `holder` is collected, unless {@link stopWatching} came first. */
export function watch(holder: object, storage: Storage): void {
  dropped.register(holder, storage, holder);
}

export function stopWatching(holder: object): void {
  dropped.unregister(holder);
}
