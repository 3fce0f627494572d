import { backward, createWasmEngine, Random, relu, scope, type Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import type { OutputsByType } from "../hetero/hetero-layer.ts";
import { type Edge, reference, rowsOf } from "../testing/layer-examples.ts";
import { expectSame } from "../testing/readout-examples.ts";
import {
  library,
  metadata,
  nodeCounts,
  relations,
  shuffledRecord,
  totalsByReceiver,
  typedFeatures,
  typedNeighborhood,
  typedWidths,
  valuesOf,
} from "../testing/typed-graphs.ts";
import { HGT, type HGTOptions } from "./hgt.ts";

const outputs = 2;

function make(options: Partial<HGTOptions> = {}): HGT {
  return new HGT(typedWidths, outputs, {
    ...{ random: new Random(1), engine: reference, metadata, hidden: 4, heads: 2 },
    ...options,
  });
}

const total = (answers: OutputsByType): Tensor => unevenSum(answers["paper"]!);

describe("HGT", () => {
  it("projects every type, runs its layers, and projects each type to the outputs", () => {
    const model = make();
    const x = typedFeatures();
    let nodes: Record<string, Tensor> = {};
    for (const [t, type] of model.nodeTypes.entries()) nodes[type] = relu(model.inputLinears[t]!.forward(x[type]!));
    // No relation arrives at venues: they stay what they are.
    for (const layer of model.layers) nodes = { ...nodes, ...layer.forward(nodes, library) };
    const expected = Object.fromEntries(
      model.outputTypes.map((type, k) => [type, model.outputLinears[k]!.forward(nodes[type]!)]),
    );
    expect(valuesOf(model.forward(x, library))).toEqual(valuesOf(expected));
    expect(valuesOf(model.detailed(x, library).output)).toEqual(valuesOf(expected));
    expect(Object.fromEntries(Object.entries(expected).map(([type, { shape }]) => [type, shape]))).toEqual({
      author: [3, outputs],
      paper: [4, outputs],
      venue: [2, outputs],
    });
  });

  it("answers for the types that it is asked for, and has parameters for these alone", () => {
    const model = make({ outputTypes: ["paper"] });
    expect(Object.keys(model.forward(typedFeatures(), library))).toEqual(["paper"]);
    expect(model.outputLinears).toHaveLength(1);
    const without = typedNeighborhood({ author: 3 }, []);
    expect(model.forward({ author: typedFeatures()["author"]! }, without)).toEqual({});
  });

  it("does not depend on the order in which types are named", () => {
    const expected = valuesOf(make({ outputTypes: ["venue", "paper"] }).forward(typedFeatures(), library));
    for (let seed = 0; seed < 5; seed++) {
      const random = new Random(seed);
      const model = make({
        metadata: {
          nodeTypes: random.shuffle([...metadata.nodeTypes]),
          relations: random.shuffle([...metadata.relations]),
        },
        outputTypes: ["paper", "venue"],
      });
      const graph = typedNeighborhood(shuffledRecord(nodeCounts, random), random.shuffle([...relations]));
      expect(valuesOf(model.forward(shuffledRecord(typedFeatures(), random), graph))).toEqual(expected);
    }
  });

  it("follows another numbering of the nodes of a type", () => {
    const model = make();
    const x = typedFeatures();
    const output = model.forward(x, library);
    const order = [2, 0, 3, 1];
    const numberOf = (type: string, node: number): number => (type === "paper" ? order.indexOf(node) : node);
    const moved = relations.map(({ source, type, target, pairs }) => ({
      ...{ source, type, target },
      pairs: pairs.map(([a, b]): Edge => [numberOf(source, a), numberOf(target, b)]),
    }));
    const result = model.forward({ ...x, paper: rowsOf(x["paper"]!, order) }, typedNeighborhood(nodeCounts, moved));
    expectSame(result["paper"]!.dataSync(), rowsOf(output["paper"]!, order).dataSync());
    expectSame(result["author"]!.dataSync(), output["author"]!.dataSync());
  });

  it("looks as many steps away as it has layers, through types at which nothing arrives too", () => {
    const chain = typedNeighborhood({ a: 1, b: 1, c: 1 }, [
      { source: "a", type: "to", target: "b", pairs: [[0, 0]] },
      { source: "b", type: "to", target: "c", pairs: [[0, 0]] },
    ]);
    const widths = { a: 3, b: 3, c: 3 };
    const changes = (layers: number): boolean => {
      const model = new HGT(widths, 1, {
        ...{ random: new Random(1), engine: reference, hidden: 4, heads: 1, layers },
        metadata: { nodeTypes: chain.nodeTypes, relations: chain.relations },
        outputTypes: ["c"],
      });
      const x = typedFeatures({ a: 1, b: 1, c: 1 }, widths);
      const before = model.forward(x, chain)["c"]!.item();
      x["a"]!.set(x["a"]!.dataSync().map((value) => value + 1));
      return model.forward(x, chain)["c"]!.item() !== before;
    };
    expect([1, 2, 3].map(changes)).toEqual([false, true, true]);
  });

  it("returns the attention of its last layer, which sums to 1 over all relations into a node", () => {
    const { attention } = make().detailed(typedFeatures(), library);
    for (const [key, sum] of totalsByReceiver(attention, ({ target }) => target)) expect(sum, key).toBeCloseTo(1, 12);
    expect(attention.length).toBeGreaterThan(0);
  });

  it("takes graphs without edges", () => {
    const lonely = typedNeighborhood(nodeCounts, []);
    const answers = Object.values(make().forward(typedFeatures(), lonely));
    expect(answers.map(({ shape }) => shape)).toEqual([3, 4, 2].map((nodes) => [nodes, outputs]));
    for (const answer of answers) expect(answer.dataSync().every(Number.isFinite)).toBe(true);
  });

  it("has the gradients of finite differences", () => {
    const model = make({ layers: 1, outputTypes: ["paper"], dropout: 0.3 });
    const random = new Random(7);
    for (const parameter of model.parameters()) {
      parameter.set(Float64Array.from({ length: parameter.size }, () => random.uniform(-1, 1)));
    }
    const x = typedFeatures();
    const loss = () => total(model.forward(x, library, { training: { random: new Random(3) } }));
    const input = model.nodeTypes.indexOf("author");
    const leaves = { ...x, in: model.inputLinears[input]!.weight, out: model.outputLinears[0]!.weight };
    for (const [name, { relativeError }] of Object.entries(checkGradients(loss, leaves, 1e-5))) {
      expect(relativeError, name).toBeLessThan(1e-6);
    }
  });

  it("computes on the wasm engine what it computes on the reference engine", () => {
    const engine = createWasmEngine();
    const got = make({ engine }).forward(typedFeatures(nodeCounts, typedWidths, engine), library);
    const expected = make().forward(typedFeatures(), library);
    for (const [type, answer] of Object.entries(got)) expectSame(answer.dataSync(), expected[type]!.dataSync(), 4);
  });

  it("drops while training, and holds nothing more after 20 steps than after 2", () => {
    const engine = createReferenceEngine();
    const model = make({ engine, dropout: 0.5 });
    const x = typedFeatures(nodeCounts, typedWidths, engine);
    const run = (seed: number) =>
      model.forward(x, library, { training: { random: new Random(seed) } })["paper"]!.dataSync();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const step = (): void =>
      scope(() => backward(total(model.forward(x, library, { training: { random: new Random(1) } }))));
    for (let k = 0; k < 2; k++) step();
    const { buffers, bytes } = engine.memory();
    for (let k = 2; k < 20; k++) step();
    expect(engine.memory()).toMatchObject({ buffers, bytes });
  });

  it.each<[string, object, string]>([
    ["no layers", { layers: 0 }, "out-of-range"],
    ["heads that do not divide the width", { heads: 3 }, "heads-do-not-divide"],
    ["a dropout of everything", { dropout: 1 }, "out-of-range"],
    ["no types to answer for", { outputTypes: [] }, "out-of-range"],
    ["a type to answer for that is not there", { outputTypes: ["editor"] }, "unknown-type"],
    ["an option that nobody reads", { types: ["paper"] }, "unknown-option"],
  ])("refuses %s", (_what, options, code) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });

  it("refuses widths, features and graphs that do not fit", () => {
    const options = { random: new Random(1), engine: reference, metadata, hidden: 4 };
    expect(() => new HGT({ paper: 3 }, 1, options)).toThrow(expect.objectContaining({ code: "missing-input" }));
    expect(() => new HGT(0, 1, options)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    const { venue: _venue, ...some } = typedFeatures();
    expect(() => make().forward(some, library)).toThrow(expect.objectContaining({ code: "missing-input" }));
    const narrow = typedFeatures(nodeCounts, { ...typedWidths, paper: 1 });
    expect(() => make().forward(narrow, library)).toThrow(expect.objectContaining({ code: "shapes-differ" }));
    const other = typedNeighborhood({ editor: 1 }, []);
    expect(() => make().forward(typedFeatures({ editor: 1 }, { editor: 3 }), other)).toThrow(
      expect.objectContaining({ name: "DataError", code: "unknown-type" }),
    );
  });
});
