import {
  add,
  Linear,
  Module,
  multiply,
  namedScore,
  nameIn,
  type SparseNeighborhood,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { describe, expect, it } from "vitest";
import type { GraphLayer, LayerInput } from "../layers/graph-layer.ts";
import { builtInRegistry } from "../plugin/built-in-registry.ts";
import { type LayerConformanceOptions, layerConformance, type MadeLayer } from "./index.ts";

const registry = builtInRegistry();

describe.each(["dot", "cosine", "bahdanau"] as const)("the layer of the score %s", (name) => {
  const score = nameIn(registry, "scores", name);
  const make = ({ inputs, random, engine }: MadeLayer) =>
    registry.layer("score", { inputs, outputs: 4, heads: 2, score, dropout: 0.3, residual: true, random, engine });
  it.each(layerConformance(make, { sides: "two", drops: true }))("$name", ({ run }) => run());
});

describe.each(["scalar", "vector"] as const)("the layer of a score that reads a %s of each edge", (edge) => {
  const as = edge === "scalar" ? "bias" : "key";
  const make = ({ inputs, random, engine }: MadeLayer) =>
    registry.layer("score", {
      inputs,
      outputs: 4,
      heads: 2,
      ...namedScore(registry, "with-edge", { score: "scaled-dot", as }),
      normalizer: "sigmoid",
      edgeDim: 2,
      fillValue: 0,
      random,
      engine,
    });
  const reads = { edgeFeatures: { rows: "edges", width: 2 } } as const;
  it.each(layerConformance(make, { reads, sides: "two" }))("$name", ({ run }) => run());
});

/** A layer that is wrong in a way. */
class Wrong extends Module implements GraphLayer {
  readonly outputs = 3;
  readonly linear: Linear;
  readonly #how: string;

  constructor(how: string, { random, engine }: MadeLayer) {
    super();
    this.#how = how;
    this.linear = new Linear(3, 3, { random, engine, bias: false });
  }

  forward(x: LayerInput, { receivers }: SparseNeighborhood): Tensor {
    if (!("engine" in x)) throw new Error("expected one side");
    const output = this.linear.forward(x);
    if (this.#how === "it numbers nodes") {
      const numbers = Float64Array.from({ length: receivers }, (_, i) => i);
      return add(output, tensor(numbers, [receivers, 1], { engine: output.engine }));
    }
    if (this.#how === "it has no gradient")
      return multiply(output, tensor([...output.dataSync()], output.shape, { engine: output.engine }));
    return output;
  }
}

it.each([
  ["it numbers nodes", "how nodes are numbered"],
  ["it has no gradient", "gradients of finite differences"],
])("the suite finds what is wrong: %s", async (how, found) => {
  const options: LayerConformanceOptions = {};
  const failed: string[] = [];
  for (const { name, run } of layerConformance((made) => new Wrong(how, made), options)) {
    try {
      await run();
    } catch {
      failed.push(name);
    }
  }
  expect(failed).toContainEqual(expect.stringContaining(found));
});
