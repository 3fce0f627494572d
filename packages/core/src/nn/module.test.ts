import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { parameter, tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

const engine = createReferenceEngine();
const random = new Random(1);

class Block extends Module {
  readonly name = "block";
  readonly scale: Tensor = parameter([1, 2], [2], { engine });
  readonly constant: Tensor = tensor([1, 2, 3], [3], { engine });
  readonly project: Linear;
  readonly skip: Linear | undefined;
  readonly #hidden: Tensor = parameter([1], [1], { engine });

  constructor(skip?: Linear) {
    super();
    this.project = new Linear(3, 2, { random, engine });
    this.skip = skip;
  }

  get hidden(): Tensor {
    return this.#hidden;
  }
}

class Stack extends Module {
  readonly layers: readonly Module[];
  readonly tables: readonly (readonly Tensor[])[];

  constructor(layers: readonly Module[], tables: readonly (readonly Tensor[])[] = []) {
    super();
    this.layers = layers;
    this.tables = tables;
  }
}

describe("a module's parameters", () => {
  it("are named by the path of fields that leads to them, in the order of the fields", () => {
    const norm = new LayerNorm(2, { engine });
    const stack = new Stack([new Block(), norm], [[parameter([1], [1], { engine })], []]);
    expect([...stack.namedParameters().keys()]).toEqual([
      "layers.0.scale",
      "layers.0.project.weight",
      "layers.0.project.bias",
      "layers.1.weight",
      "layers.1.bias",
      "tables.0.0",
    ]);
    expect(stack.namedParameters().get("layers.1.weight")).toBe(norm.weight);
  });

  it("leave out tensors that are not learned, private fields, and what is undefined", () => {
    const names = [...new Block().namedParameters().keys()];
    expect(names).toEqual(["scale", "project.weight", "project.bias"]);
    expect([...new Linear(2, 2, { random, engine, bias: false }).namedParameters().keys()]).toEqual(["weight"]);
  });

  it("are listed once where two names lead to one, and counted once", () => {
    const shared = new Linear(3, 2, { random, engine });
    const stack = new Stack([shared, shared, new Block(shared)]);
    expect(stack.namedParameters().size).toBe(9);
    expect(stack.parameters()).toHaveLength(5);
    expect(new Set(stack.parameters()).size).toBe(5);
    expect(stack.parameterCount).toBe(8 + 2 + 8);
  });

  it("are none in an empty module", () => {
    const stack = new Stack([]);
    expect([stack.parameters(), stack.parameterCount]).toEqual([[], 0]);
  });
});

describe("a module's state", () => {
  it("is its parameters and the tensors that are not learned, by the same names", () => {
    const stack = new Stack([new Block()]);
    const state = stack.namedState();
    expect([...state.keys()]).toEqual([
      "layers.0.scale",
      "layers.0.constant",
      "layers.0.project.weight",
      "layers.0.project.bias",
    ]);
    for (const [name, parameter] of stack.namedParameters()) expect(state.get(name)).toBe(parameter);
  });
});
