import { Matrix } from "ml-matrix";
import type { FloatBuffer } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";
import { ShapeError, TensorError } from "../errors.ts";
import { enter, type Scope, type Scoped } from "./scope.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import { type Storage, stopWatching, watch } from "./storage.ts";

/** How a tensor came to be: what `backward()` walks. */
export interface Recorded {
  /** What the tensor was computed from, each of its own shape. */
  readonly inputs: readonly Tensor[];
  /**
   * The gradients with respect to the inputs, in their order and each of the shape of its input, given that of the output, of the same shape as the output. Called without recording. May leave
   * undefined what belongs to an input that does not require a gradient, and what it has added to the gradient that `arrived` gives: the sum of what other
   * operations left for an input, of its shape, if they have and nothing else holds it.
   */
  readonly backward: (
    gradient: Tensor,
    output: Tensor,
    arrived: (input: Tensor) => Tensor | undefined,
  ) => readonly (Tensor | undefined)[];
}

/**
 * Numbers in a shape, in a buffer that an engine owns, with the record of how they came to be. Made by {@link tensor},
 * {@link zeros} and the operations; never changed in place except by optimisers.
 */
export class Tensor implements Scoped {
  /** Sizes of the dimensions, outermost first. */
  readonly shape: Shape;
  /** Whether gradients flow to this tensor. */
  readonly requiresGrad: boolean;
  /** The gradient of the last `backward()` calls, of this shape, summed, for a leaf with `requiresGrad`; undefined before. */
  grad: Tensor | undefined;

  /** @internal */
  owner: Scope | undefined;
  /** @internal */
  recorded: Recorded | undefined;

  #storage: Storage | undefined;
  #isWatched = false;

  /** @internal */
  constructor(storage: Storage, shape: Shape, requiresGrad: boolean, recorded?: Recorded) {
    this.shape = shape;
    this.requiresGrad = requiresGrad;
    this.recorded = recorded;
    this.#storage = storage;
    storage.hold();
    if (!enter(this)) this.outlive();
  }

  /** Count of numbers. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The engine that owns the numbers. */
  get engine(): Engine {
    return this.storage.engine;
  }

  /** @internal */
  get buffer(): FloatBuffer {
    return this.storage.buffer;
  }

  /** @internal Throws TensorError `disposed` after the scope has ended. */
  get storage(): Storage {
    if (this.#storage === undefined) {
      throw new TensorError(
        "disposed",
        `Tensor [${this.shape.join(", ")}]: its scope has ended and its memory is free; expected a live tensor. ` +
          "Return the tensor from the scope to keep it, and call backward() inside of the scope.",
      );
    }
    return this.#storage;
  }

  /** Whether the tensor's scope has ended. */
  get disposed(): boolean {
    return this.#storage === undefined;
  }

  /** @internal Gives the memory back at once; what refers to it later throws `disposed`. */
  dispose(): void {
    if (this.#storage === undefined) return;
    this.owner?.members.delete(this);
    this.owner = undefined;
    if (this.#isWatched) stopWatching(this);
    this.#storage.release();
    this.#storage = undefined;
    this.recorded = undefined;
  }

  /** @internal A scope holds what it owns and disposes of it: only what is in none has to be watched. */
  outlive(): void {
    this.#isWatched = true;
    watch(this, this.storage);
  }

  /** A copy of the numbers, as many as the shape holds, row-major. */
  async data(): Promise<Float32Array | Float64Array> {
    return this.engine.read(this.buffer);
  }

  /** A copy of the numbers, as many as the shape holds, row-major, at once. An engine that cannot read at once throws EngineError `no-synchronous-read`. */
  dataSync(): Float32Array | Float64Array {
    return this.engine.readSync(this.buffer);
  }

  /**
   * The only number of a one-element tensor.
   *
   * @throws ShapeError `not-a-number` when there are more or none.
   */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        "not-a-number",
        `Tensor.item: got shape [${this.shape.join(", ")}]; expected one element. Reduce it first, for example with sum.`,
      );
    }
    return this.dataSync()[0]!;
  }

  /**
   * A copy as an ml-matrix `Matrix`, for a tensor `[rows, columns]`.
   *
   * @throws ShapeError `not-a-matrix` for other counts of dimensions.
   */
  toMatrix(): Matrix {
    const [rows, columns] = this.shape;
    if (this.shape.length !== 2 || rows === undefined || columns === undefined) {
      throw new ShapeError(
        "not-a-matrix",
        `Tensor.toMatrix: got shape [${this.shape.join(", ")}]; expected two dimensions. Reshape it first.`,
      );
    }
    return Matrix.from1DArray(rows, columns, Array.from(this.dataSync()));
  }

  /**
   * Overwrites the numbers of a tensor that nothing was recorded for with as many others, row-major: to load or restore a parameter.
   *
   * @throws ShapeError `wrong-length`; TensorError `not-a-leaf` for the result of an operation that has a gradient.
   */
  set(values: ArrayLike<number>): void {
    if (values.length !== this.size) {
      throw new ShapeError(
        "wrong-length",
        `Tensor.set: got ${values.length} numbers for the shape [${this.shape.join(", ")}]; expected ${this.size}.`,
      );
    }
    if (this.recorded !== undefined) {
      throw new TensorError(
        "not-a-leaf",
        "Tensor.set: got a tensor that was computed from others; expected a parameter or a constant.",
      );
    }
    this.engine.write(this.buffer, values);
  }
}
