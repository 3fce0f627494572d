import { backward, createWasmEngine, type Module, Random, scope } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { numbers, reference } from "../testing/layer-examples.ts";
import {
  attentiveReadouts,
  everyReadout,
  expectSame,
  membership,
  mixedOrder,
  pick,
  reordered,
  rowsIn,
  width,
} from "../testing/readout-examples.ts";
import { AttentionReadout } from "./attention-readout.ts";
import { MaxReadout, MeanReadout, SumReadout } from "./pool.ts";
import { PoolingByMultiHeadAttention } from "./pooling-by-multi-head-attention.ts";
import { readoutByName } from "./readout-by-name.ts";
import { Set2Set } from "./set2set.ts";

describe.each(Object.entries(everyReadout))("the read-out %s", (_, make) => {
  const x = numbers([8, width], 1);

  it("gives each graph what it would get alone", () => {
    const readout = make();
    const together = rowsIn(readout.forward(x, membership));
    for (const [graph, nodes] of [
      [0, [0, 1, 2]],
      [1, [3, 4, 5, 6]],
      [3, [7]],
    ] as const) {
      const alone = readout.forward(pick(x, nodes), { graphs: 1, graphOf: new Uint32Array(nodes.length) });
      expectSame(together[graph]!, rowsIn(alone)[0]!);
    }
  });

  it("gives graphs without nodes zeros", () => {
    const together = rowsIn(make().forward(x, membership));
    for (const graph of [2, 4]) expect(together[graph]!.map(Math.abs)).toEqual(new Array(make().outputs).fill(0));
  });

  it("does not depend on the order of the nodes, within a graph or in the batch", () => {
    const readout = make();
    const shuffled = readout.forward(pick(x, mixedOrder), reordered(membership, mixedOrder));
    expectSame(shuffled.dataSync(), readout.forward(x, membership).dataSync());
  });

  it("gives no graphs [0, outputs], from no nodes", () => {
    const readout = make();
    const none = readout.forward(numbers([0, width], 1), { graphs: 0, graphOf: new Uint32Array(0) });
    expect(none.shape).toEqual([0, readout.outputs]);
    const empty = readout.forward(numbers([0, width], 1), { graphs: 2, graphOf: new Uint32Array(0) });
    expect([...empty.dataSync()].map(Math.abs)).toEqual(new Array(2 * readout.outputs).fill(0));
  });

  it("has the gradients of finite differences, whatever the order of the nodes", () => {
    for (const order of [[0, 1, 2, 3, 4, 5, 6, 7], mixedOrder]) {
      const readout = make();
      shiftBiases(readout);
      const leaf = pick(x, order);
      const leaves = { ...Object.fromEntries(readout.namedParameters()), x: leaf };
      const checks = checkGradients(() => unevenSum(readout.forward(leaf, reordered(membership, order))), leaves, 1e-4);
      for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
    }
  });

  it("computes on the wasm engine what it computes on the reference engine", () => {
    const engine = createWasmEngine();
    const [there, here] = [make({ engine }), make()];
    const values = numbers([8, width], 1, engine);
    const [got, expected] = [there.forward(values, membership), here.forward(x, membership)];
    backward(unevenSum(got));
    backward(unevenSum(expected));
    expectSame(got.dataSync(), expected.dataSync(), 4);
    expectSame(values.grad!.dataSync(), x.grad!.dataSync(), 4);
    x.grad = undefined;
  });

  it("holds nothing more after 20 steps than after 2", () => {
    const engine = createReferenceEngine();
    const readout = make({ engine });
    const values = numbers([8, width], 1, engine);
    const step = (): void => scope(() => backward(unevenSum(readout.forward(values, membership))));
    for (let k = 0; k < 2; k++) step();
    const { buffers, bytes } = engine.memory();
    for (let k = 2; k < 20; k++) step();
    expect(engine.memory()).toMatchObject({ buffers, bytes });
  });

  it("refuses features and graph numbers that do not fit", () => {
    const readout = make();
    const shapes = expect.objectContaining({ name: "ShapeError", code: "shapes-differ" });
    expect(() => readout.forward(numbers([8, width + 1], 1), membership)).toThrow(shapes);
    expect(() => readout.forward(numbers([7, width], 1), membership)).toThrow(shapes);
    expect(() => readout.forward(numbers([8 * width], 1), membership)).toThrow(shapes);
    expect(() => readout.forward(x, { graphs: 3, graphOf: membership.graphOf.slice() })).toThrow(
      expect.objectContaining({
        name: "DataError",
        code: "index-out-of-range",
        message: expect.stringContaining("node 7 is of graph 3"),
      }),
    );
    expect(() => readout.forward(x, { graphs: 1.5, graphOf: membership.graphOf })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
  });
});

describe.each(Object.entries(attentiveReadouts))("the attention of %s", (_, make) => {
  it("sums to 1 over the nodes of each graph and head, and comes with the output of forward", () => {
    const readout = make();
    const x = pick(numbers([8, width], 9), mixedOrder);
    const batch = reordered(membership, mixedOrder);
    const { output, attention } = readout.detailed(x, batch);
    expectSame(output.dataSync(), readout.forward(x, batch).dataSync());
    const { neighborhood, weights } = attention;
    const [, heads = 0] = weights.shape;
    const seeds = neighborhood.receivers / batch.graphs;
    const values = weights.dataSync();
    for (let r = 0; r < neighborhood.receivers; r++) {
      const positions = [...Array(neighborhood.offsets[r + 1]! - neighborhood.offsets[r]!).keys()].map(
        (k) => k + neighborhood.offsets[r]!,
      );
      for (const p of positions) expect(batch.graphOf[neighborhood.senderOf[p]!]).toBe(Math.floor(r / seeds));
      for (let h = 0; h < heads && positions.length > 0; h++) {
        expect(positions.reduce((total, p) => total + values[p * heads + h]!, 0)).toBeCloseTo(1, 12);
      }
    }
  });
});

describe("options of read-outs", () => {
  const drawn = { random: new Random(1), engine: reference };

  it("may be named by a string", () => {
    const classes = {
      sum: SumReadout,
      mean: MeanReadout,
      max: MaxReadout,
      attention: AttentionReadout,
      set2set: Set2Set,
      multiHead: PoolingByMultiHeadAttention,
    } as const;
    for (const [name, expected] of Object.entries(classes)) {
      if (!isName(name)) throw new Error(name);
      expect(readoutByName(name, 3, drawn)).toBeInstanceOf(expected);
    }
    const wrong: string = "average";
    // @ts-expect-error: what a caller without types may pass.
    expect(() => readoutByName(wrong, 3, drawn)).toThrow(
      expect.objectContaining({ code: "out-of-range", message: expect.stringContaining('"sum", "mean"') }),
    );
  });

  it("are refused where they are unknown or impossible", () => {
    const unknown = expect.objectContaining({ name: "OptionError", code: "unknown-option" });
    const outOfRange = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
    const misspelt = { ...drawn, head: 2 };
    for (const Class of [SumReadout, MeanReadout, MaxReadout, AttentionReadout, Set2Set, PoolingByMultiHeadAttention]) {
      expect(() => new Class(3, misspelt)).toThrow(unknown);
      for (const inputs of [0, -1, 1.5, Number.NaN]) expect(() => new Class(inputs, drawn)).toThrow(outOfRange);
    }
    expect(() => new Set2Set(3, { ...drawn, processingSteps: 0 })).toThrow(outOfRange);
    expect(() => new PoolingByMultiHeadAttention(3, { ...drawn, heads: 2 })).toThrow(outOfRange);
    expect(() => new PoolingByMultiHeadAttention(3, { ...drawn, numSeedPoints: 0 })).toThrow(outOfRange);
    expect(() => new PoolingByMultiHeadAttention(3, { ...drawn, dropout: 1 })).toThrow(outOfRange);
  });
});

function isName(name: string): name is Parameters<typeof readoutByName>[0] {
  return ["sum", "mean", "max", "attention", "set2set", "multiHead"].includes(name);
}

/** Biases are 0 at first where Glorot draws, and zeros hide what is multiplied with them. */
function shiftBiases(module: Module): void {
  for (const [name, bias] of module.namedParameters()) {
    if (name.endsWith("bias")) bias.engine.write(bias.buffer, numbers(bias.shape, name.length).dataSync());
  }
}
