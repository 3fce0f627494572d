import type { Random } from "../random.ts";
import { Tensor } from "../tensor/tensor.ts";

/**
 * Passed to `forward` while training: where dropout draws its seeds. Without it a module computes its answer, without dropout.
 */
export interface Training {
  /** Where dropout draws its seeds. */
  readonly random: Random;
}

/**
 * Something that is learned: a plain object whose fields are parameters (tensors that require a gradient), other modules, or arrays
 * of them. Nothing is registered and nothing is hidden: the parameters are found by looking.
 */
export abstract class Module {
  /** Every parameter, of its own shape, by the path of fields that leads to it, such as `layers.0.weight`. */
  namedParameters(): Map<string, Tensor> {
    return new Map([...this.namedState()].filter(([, { requiresGrad }]) => requiresGrad));
  }

  /**
   * Everything that the module must keep to answer as it does now, by the path of fields that leads to it: its parameters, and the tensors without
   * a gradient that it holds, such as the running statistics of batch normalization. Each has its own shape. They are saved, restored and copied together; only the
   * parameters are trained.
   */
  namedState(): Map<string, Tensor> {
    const found = new Map<string, Tensor>();
    collect(this, "", found);
    return found;
  }

  /** Every parameter once, each of its own shape. */
  parameters(): Tensor[] {
    return [...new Set(this.namedParameters().values())];
  }

  /** Count of learned numbers. */
  get parameterCount(): number {
    return this.parameters().reduce((total, { size }) => total + size, 0);
  }
}

function collect(holder: object, path: string, found: Map<string, Tensor>): void {
  for (const [name, value] of Object.entries(holder)) {
    if (typeof value !== "object" || value === null) continue;
    if (value instanceof Tensor) {
      found.set(path + name, value);
    } else if (value instanceof Module || Array.isArray(value)) {
      collect(value, `${path}${name}.`, found);
    }
  }
}
