import { adam, type DenseMatrix, Random, scope } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it, vi } from "vitest";
import { GraphCollection } from "../batch/graph-collection.ts";
import type { EdgeListParts } from "../batch/graph-parts.ts";
import { GraphToSequence } from "../models/graph-to-sequence/graph-to-sequence.ts";
import { fit } from "../train/fit.ts";
import { GraphToSequenceTask, type GraphToSequenceTaskOptions } from "./graph-to-sequence-task.ts";
import { graphInputs } from "./graphs/graph-inputs.ts";

const engine = createReferenceEngine();
const [begin, end, targetTokens, inputs] = [0, 1, 4, 2];

/** A ring whose nodes all have the feature `value`. */
function ring(nodes: number, value: number): EdgeListParts {
  const features: DenseMatrix = {
    kind: "dense",
    rows: nodes,
    columns: inputs,
    values: Float32Array.from({ length: nodes * inputs }, (_, k) => (k % inputs === 0 ? 1 : value)),
  };
  const sources = Uint32Array.from({ length: nodes }, (_, k) => k);
  return { nodes, edges: { sources, targets: sources.map((k) => (k + 1) % nodes) }, features };
}

const values = [-2, 1, -1, 2, -1.5, 1.5, 1];
const collection = new GraphCollection(values.map((value, k) => ring(1 + (k % 3), value)));
const targets = values.map((value) => (value < 0 ? [2] : [3, 2]));

function modelOf(): GraphToSequence {
  return new GraphToSequence({
    encoder: { kind: "gatv2", inputs, layers: 1, heads: 1, hidden: 4 },
    decoder: { kind: "luong", hidden: 4 },
    targetTokens,
    begin,
    end,
    width: 3,
    random: new Random(1),
    engine,
  });
}

const model = modelOf();
const taskOf = (options: Partial<GraphToSequenceTaskOptions> = {}): GraphToSequenceTask =>
  new GraphToSequenceTask(model, { collection, targets, ...options });
const inputsOf = (members: readonly number[]) => graphInputs(collection.batch(members), engine);

/** The members of the batches of an epoch. */
function epochOf(task: GraphToSequenceTask, random: Random): number[][] {
  const batch = vi.spyOn(collection, "batch");
  for (let k = 0; k < task.stepsPerEpoch; k++) scope(() => task.trainingLoss({ random }));
  const seen = batch.mock.calls.map(([members = []]) => Array.from(members));
  batch.mockRestore();
  return seen;
}

describe("GraphToSequenceTask", () => {
  it("has the loss of the model on all graphs, if one batch takes them", () => {
    const task = taskOf({ batchSize: 7 });
    const expected = model.loss(inputsOf([0, 1, 2, 3, 4, 5, 6]), targets).item();
    expect(task.stepsPerEpoch).toBe(1);
    expect(task.trainingLoss({ random: new Random(3) }).item()).toBeCloseTo(expected, 10);
  });

  it("smooths the targets of training, not those of validation", () => {
    const labelSmoothing = 0.2;
    const task = taskOf({ batchSize: 7, train: [0, 1, 2], validation: [3, 4], labelSmoothing });
    const some = (members: number[]) => [inputsOf(members), members.map((member) => targets[member]!)] as const;
    const trained = model.loss(...some([0, 1, 2]), { labelSmoothing }).item();
    expect(task.trainingLoss({ random: new Random(3) }).item()).toBeCloseTo(trained, 10);
    expect(task.validate()!.loss).toBeCloseTo(model.loss(...some([3, 4])).item(), 10);
  });

  it("goes once through the training graphs in each epoch, in an order that is drawn anew and follows from the seed", () => {
    const task = taskOf({ batchSize: 2, validation: [6] });
    expect(task.stepsPerEpoch).toBe(3);
    const random = new Random(5);
    const [first, second] = [epochOf(task, random), epochOf(task, random)];
    for (const epoch of [first, second]) {
      expect(epoch.map(({ length }) => length)).toEqual([2, 2, 2]);
      expect(epoch.flat().toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    }
    expect(second).not.toEqual(first);
    expect(epochOf(taskOf({ batchSize: 2, validation: [6] }), new Random(5))).toEqual(first);
  });

  it("validates with the share of the graphs that a greedy search writes exactly, and the mean loss of their tokens", async () => {
    const trained = modelOf();
    const validation = [1, 2, 5, 6, 0];
    const task = new GraphToSequenceTask(trained, {
      collection,
      targets,
      validation,
      train: [0, 1, 3, 5],
      batchSize: 2,
    });
    const seen = new Set<number>();
    const check = (): void => {
      const told = validation.map((member) => targets[member]!);
      const written = trained.write(inputsOf(validation), { maximumLength: 4 });
      const exact = written.filter(({ tokens }, k) => String(tokens) === String(told[k])).length / validation.length;
      const { metric, loss } = task.validate()!;
      expect(metric).toBe(exact);
      expect(loss).toBeCloseTo(trained.loss(inputsOf(validation), told).item(), 10);
      seen.add(metric);
    };
    check();
    const optimizer = adam(trained.parameters(), { learningRate: 0.05 });
    await fit(trained, task, { optimizer, epochs: 40, onProgress: ({ epoch }) => epoch % 10 === 0 && check() });
    expect(seen.has(0) && seen.has(1)).toBe(true);
  });

  it("has nothing to validate without graphs for it", () => {
    expect(taskOf().validate()).toBeUndefined();
  });

  const withEmpty = new GraphCollection([ring(2, 1), ring(0, 1), ring(1, 1)]);
  const misspelt: object = { batch: 2 };
  const refused: readonly (readonly [string, () => unknown, string, string])[] = [
    ["a target less than graphs", () => taskOf({ targets: targets.slice(1) }), "ShapeError", "shapes-differ"],
    [
      "a token that the model does not know",
      () => taskOf({ targets: values.map(() => [4]) }),
      "DataError",
      "index-out-of-range",
    ],
    ["no graphs to train on", () => taskOf({ train: [] }), "DataError", "no-graphs"],
    ["only graphs to validate with", () => taskOf({ validation: [...values.keys()] }), "DataError", "no-graphs"],
    ["a graph that is not there", () => taskOf({ train: [0, 7] }), "DataError", "index-out-of-range"],
    [
      "to validate with a graph that is not there",
      () => taskOf({ validation: [7] }),
      "DataError",
      "index-out-of-range",
    ],
    ["batches of no graphs", () => taskOf({ batchSize: 0 }), "OptionError", "out-of-range"],
    ["all of the target spread", () => taskOf({ labelSmoothing: 1 }), "OptionError", "out-of-range"],
    ["an option that nobody reads", () => taskOf(misspelt), "OptionError", "unknown-option"],
    [
      "to train on a graph without nodes",
      () => taskOf({ collection: withEmpty, targets: [[2], [2], [2]] }),
      "DataError",
      "empty-graph",
    ],
    [
      "to validate with a graph without nodes",
      () => taskOf({ collection: withEmpty, targets: [[2], [2], [2]], validation: [1] }),
      "DataError",
      "empty-graph",
    ],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }

  it("names the graph without nodes by its number, and goes on where it is left out", () => {
    const told = { collection: withEmpty, targets: [[2], [2], [2]] };
    expect(() => taskOf({ ...told, train: [2, 1] })).toThrow("graph 1 has no nodes");
    expect(taskOf({ ...told, train: [0, 2] }).stepsPerEpoch).toBe(1);
  });
});
