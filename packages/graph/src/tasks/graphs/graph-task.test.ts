import { backward, Random, scope, Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { checkGradients } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it, vi } from "vitest";
import { GraphCollection } from "../../batch/graph-collection.ts";
import { LinearGraphModel, rings } from "../../testing/labeled-graphs.ts";
import { GraphClassification } from "./graph-classification.ts";
import { GraphMultiTask } from "./graph-multi-task.ts";
import { GraphRegression } from "./graph-regression.ts";
import type { GraphLearningData, GraphTask } from "./graph-task.ts";

const engine = createReferenceEngine();
const missing = Number.NaN;
const graphs = 6;
const numbers = Uint32Array.from({ length: graphs }, (_, k) => k);
const { collection, counts } = rings(graphs, 1);

function model(outputs: number): LinearGraphModel {
  return new LinearGraphModel(3, outputs, { random: new Random(4), engine });
}

/** What the model puts out, `[graphs, outputs]`: the counts of kinds times the weights. */
function outputsOf({ linear }: LinearGraphModel): Matrix {
  return new Matrix(counts.map((row) => [...row])).mmul(linear.weight.toMatrix().transpose());
}

const data = (targets: ArrayLike<number>, parts: Partial<GraphLearningData> = {}): GraphLearningData => ({
  collection,
  targets,
  train: numbers,
  validation: new Uint32Array(0),
  ...parts,
});

/** The loss of a step over all graphs, with the gradient of the weights, `[outputs, 3]`. */
function step(task: GraphTask, { linear }: LinearGraphModel): { readonly loss: number; readonly gradient: Matrix } {
  linear.weight.grad = undefined;
  const loss = scope(() => {
    const total = task.trainingLoss({ random: new Random(0) });
    backward(total);
    return total.item();
  });
  return { loss, gradient: gradientOf(linear.weight) };
}

function gradientOf({ grad }: Tensor): Matrix {
  if (grad === undefined) throw new Error("The loss has no gradient.");
  return grad.toMatrix();
}

/** From gradients of outputs to those of weights. */
const throughModel = (ofOutputs: Matrix): Matrix =>
  ofOutputs.transpose().mmul(new Matrix(counts.map((row) => [...row])));

function expectClose(got: Matrix, expected: Matrix): void {
  expect(Matrix.sub(got, expected).norm("frobenius")).toBeLessThan(1e-10 * Math.max(1, expected.norm("frobenius")));
}

describe("GraphRegression", () => {
  // The second target is known of three graphs, the third of none of them but one.
  const targets = [
    1,
    10,
    5,
    2,
    missing,
    missing,
    3,
    30,
    missing,
    4,
    missing,
    missing,
    9,
    20,
    missing,
    missing,
    missing,
    missing,
  ];
  const table = new Matrix(Array.from({ length: graphs }, (_, g) => targets.slice(3 * g, 3 * g + 3)));
  const knownOf = (target: number) => table.getColumn(target).filter((value) => !Number.isNaN(value));

  it("learns standardized targets by their mean squared error over what is known", () => {
    const own = model(3);
    const task = new GraphRegression(own, data(targets), { engine });
    const outputs = outputsOf(own);
    let [total, known] = [0, 0];
    const gradient = Matrix.zeros(graphs, 3);
    for (let target = 0; target < 3; target++) {
      const values = knownOf(target);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const deviation =
        values.length === 1 ? 1 : Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
      expect(task.standardization.mean[target]).toBeCloseTo(mean, 12);
      expect(task.standardization.deviation[target]).toBeCloseTo(deviation, 12);
      for (let g = 0; g < graphs; g++) {
        if (Number.isNaN(table.get(g, target))) continue;
        const error = outputs.get(g, target) - (table.get(g, target) - mean) / deviation;
        total += error ** 2;
        known += 1;
        gradient.set(g, target, 2 * error);
      }
    }
    const got = step(task, own);
    expect(got.loss).toBeCloseTo(total / known, 10);
    expectClose(got.gradient, throughModel(gradient.div(known)));
  });

  it("has the gradients of finite differences", () => {
    const own = model(3);
    const task = new GraphRegression(own, data(targets), { engine });
    const checks = checkGradients(() => task.trainingLoss({ random: new Random(0) }), { weight: own.linear.weight });
    expect(checks["weight"]?.relativeError).toBeLessThan(1e-6);
  });

  it("takes means and deviations from the training part alone", () => {
    const task = new GraphRegression(
      model(1),
      data([1, 3, 100, 100, 100, missing], { train: Uint32Array.of(0, 1, 5) }),
      { engine },
    );
    expect(task.standardization).toEqual({ mean: [2], deviation: [1] });
  });

  it("does not divide by the deviation of targets that are all equal", () => {
    const equal = [0.1, 0.1, 0.1, 0.1, 0.1, missing];
    expect(new GraphRegression(model(1), data(equal), { engine }).standardization.deviation).toEqual([1]);
  });

  it("validates over all batches at once, the metric being the share of the variance that is explained", () => {
    const own = model(1);
    const some = [1, 2, 3, 4, missing, 7];
    const task = new GraphRegression(
      own,
      data(some, { train: Uint32Array.of(0, 1, 2), validation: Uint32Array.of(3, 4, 5) }),
      { engine, batchSize: 1 },
    );
    const outputs = outputsOf(own);
    const deviation = Math.sqrt(2 / 3);
    const errors = [3, 5].map((g) => outputs.get(g, 0) - (some[g]! - 2) / deviation);
    const loss = (errors[0]! ** 2 + errors[1]! ** 2) / 2;
    const validation = task.validate();
    expect(validation?.loss).toBeCloseTo(loss, 10);
    expect(validation?.metric).toBeCloseTo(1 - loss, 10);
  });
});

describe("GraphMultiTask", () => {
  const targets = [1, missing, 0, missing, missing, missing, 1, 0, 0, 1, 1, missing];

  it.each([
    ["with every known answer counting alike", undefined, [1, 1]],
    ["with positives that count more", [3, 0.5], [3, 0.5]],
  ])("learns logits by binary cross-entropy over what is known, %s", (_what, classWeights, positive) => {
    const own = model(2);
    const task = new GraphMultiTask(own, data(targets), {
      engine,
      ...(classWeights !== undefined && { classWeights }),
    });
    const outputs = outputsOf(own);
    let [total, weights] = [0, 0];
    const gradient = Matrix.zeros(graphs, 2);
    for (const [k, label] of targets.entries()) {
      if (Number.isNaN(label)) continue;
      const [g, target] = [Math.floor(k / 2), k % 2];
      const probability = 1 / (1 + Math.exp(-outputs.get(g, target)));
      const weight = label === 1 ? positive[target]! : 1;
      total -= weight * Math.log(label === 1 ? probability : 1 - probability);
      weights += weight;
      gradient.set(g, target, weight * (probability - label));
    }
    const got = step(task, own);
    expect(got.loss).toBeCloseTo(total / weights, 10);
    expectClose(got.gradient, throughModel(gradient.div(weights)));
  });

  it("validates by the mean area under the ROC curve, or by accuracy", () => {
    const own = model(2);
    const parts = { validation: numbers };
    const outputs = outputsOf(own);
    const area = (rows: readonly number[], target: number): number => {
      const score = (row: number) => outputs.get(row, target);
      const positives = rows.filter((row) => targets[2 * row + target] === 1);
      const negatives = rows.filter((row) => targets[2 * row + target] === 0);
      const pairs = positives.flatMap((p) =>
        negatives.map((n): number => (score(p) > score(n) ? 1 : score(p) === score(n) ? 0.5 : 0)),
      );
      return pairs.reduce((a, b) => a + b, 0) / pairs.length;
    };
    const areas = (area([0, 1, 3, 4, 5], 0) + area([3, 4], 1)) / 2;
    expect(new GraphMultiTask(own, data(targets, parts), { engine }).validate()?.metric).toBeCloseTo(areas, 12);
    const right = (rows: readonly number[], target: number) =>
      rows.filter((row) => (outputs.get(row, target) >= 0 ? 1 : 0) === targets[2 * row + target]).length / rows.length;
    const accuracy = (right([0, 1, 3, 4, 5], 0) + right([3, 4], 1)) / 2;
    const byAccuracy = new GraphMultiTask(own, data(targets, parts), { engine, metric: "accuracy" });
    expect(byAccuracy.validate()?.metric).toBeCloseTo(accuracy, 12);
  });
});

describe("GraphClassification", () => {
  const classes = [2, 0, missing, 1, 2, 0];

  it.each([
    ["with classes that count alike", undefined, [1, 1, 1]],
    ["with class weights", [0.5, 2, 4], [0.5, 2, 4]],
  ])("learns logits by cross-entropy over what is known, %s", (_what, classWeights, weight) => {
    const own = model(3);
    const task = new GraphClassification(own, data(classes), {
      engine,
      ...(classWeights !== undefined && { classWeights }),
    });
    const outputs = outputsOf(own);
    let [total, weights] = [0, 0];
    const gradient = Matrix.zeros(graphs, 3);
    for (const [g, label] of classes.entries()) {
      if (Number.isNaN(label)) continue;
      const exponentials = outputs.getRow(g).map(Math.exp);
      const sum = exponentials.reduce((a, b) => a + b, 0);
      total -= weight[label]! * Math.log(exponentials[label]! / sum);
      weights += weight[label]!;
      for (let c = 0; c < 3; c++) gradient.set(g, c, weight[label]! * (exponentials[c]! / sum - (c === label ? 1 : 0)));
    }
    const got = step(task, own);
    expect(got.loss).toBeCloseTo(total / weights, 10);
    expectClose(got.gradient, throughModel(gradient.div(weights)));
  });

  it("validates by accuracy, or of two classes by the area under the ROC curve", () => {
    const own = model(2);
    const two = [1, 0, missing, 1, 0, 1];
    const outputs = outputsOf(own);
    const known = [0, 1, 3, 4, 5];
    const favored = (g: number) => (outputs.get(g, 1) > outputs.get(g, 0) ? 1 : 0);
    const accuracy = known.filter((g) => favored(g) === two[g]).length / known.length;
    const parts = { validation: numbers };
    expect(new GraphClassification(own, data(two, parts), { engine }).validate()?.metric).toBe(accuracy);
    const margin = (g: number) => outputs.get(g, 1) - outputs.get(g, 0);
    const pairs = [0, 3, 5].flatMap((p) =>
      [1, 4].map((n): number => (margin(p) > margin(n) ? 1 : margin(p) === margin(n) ? 0.5 : 0)),
    );
    const area = pairs.reduce((a, b) => a + b, 0) / pairs.length;
    expect(
      new GraphClassification(own, data(two, parts), { engine, metric: "roc-auc" }).validate()?.metric,
    ).toBeCloseTo(area, 12);
  });
});

describe("what is unknown", () => {
  it.each([
    ["GraphRegression", GraphRegression, [1, missing, 2, missing, 3, missing, 5, missing, 2, missing, 9, missing]],
    ["GraphMultiTask", GraphMultiTask, [1, missing, 0, missing, 1, missing, 1, missing, 0, missing, 1, missing]],
  ] as const)("of a target has a gradient of exactly 0 in %s", (_name, Task, targets) => {
    const own = model(2);
    const { gradient } = step(new Task(own, data(targets), { engine }), own);
    expect(gradient.getRow(1).map((value) => value + 0)).toEqual([0, 0, 0]);
    expect(gradient.getRow(0).every((value) => value !== 0)).toBe(true);
  });

  it.each([
    ["GraphRegression", GraphRegression, 1],
    ["GraphMultiTask", GraphMultiTask, 1],
    ["GraphClassification", GraphClassification, 2],
  ] as const)("of a graph leaves it out of every batch of %s", (_name, Task, outputs) => {
    const own = model(outputs);
    const forward = vi.spyOn(own, "forward");
    const task = new Task(own, data([1, missing, 0, missing, 1, missing], { validation: Uint32Array.of(1, 3) }), {
      engine,
      batchSize: 2,
    });
    expect(task.stepsPerEpoch).toBe(2);
    for (let k = 0; k < 4; k++) task.trainingLoss({ random: new Random(0) });
    expect(forward.mock.calls.reduce((total, [batch]) => total + batch.graphs, 0)).toBe(6);
    expect(task.validate()).toBeUndefined();
  });
});

describe("an epoch", () => {
  /** Graphs of one node each, whose feature is their number. */
  const numbered = new GraphCollection(
    Array.from({ length: 10 }, (_, g) => ({
      nodes: 1,
      edges: { sources: new Uint32Array(0), targets: new Uint32Array(0) },
      features: { kind: "dense", rows: 1, columns: 1, values: Float32Array.of(g) } as const,
    })),
  );

  function epochs(count: number, seed: number): number[][][] {
    const own = new LinearGraphModel(1, 1, { random: new Random(0), engine });
    const forward = vi.spyOn(own, "forward");
    const train = Uint32Array.of(1, 2, 3, 5, 6, 8, 9);
    const targets = Float32Array.from({ length: 10 }, (_, g) => g);
    const task = new GraphRegression(
      own,
      { collection: numbered, targets, train, validation: new Uint32Array(0) },
      { engine, batchSize: 3 },
    );
    const training = { random: new Random(seed) };
    for (let k = 0; k < count * task.stepsPerEpoch; k++) task.trainingLoss(training);
    const batches = forward.mock.calls.map(([{ x }]) => (x instanceof Tensor ? Array.from(x.dataSync()) : []));
    return Array.from({ length: count }, (_, epoch) =>
      batches.slice(epoch * task.stepsPerEpoch, (epoch + 1) * task.stepsPerEpoch),
    );
  }

  it("takes every training graph once, in batches of nearly one size", () => {
    for (const batches of epochs(3, 1)) {
      expect(batches.map((batch) => batch.length)).toEqual([2, 2, 3]);
      expect(batches.flat().sort((a, b) => a - b)).toEqual([1, 2, 3, 5, 6, 8, 9]);
    }
  });

  it("has an order of its own, which follows from the seed", () => {
    const [first, second] = epochs(2, 1);
    expect(second).not.toEqual(first);
    expect(epochs(2, 1)).toEqual([first, second]);
    expect(epochs(1, 2)[0]).not.toEqual(first);
  });
});

describe("a task refuses", () => {
  it.each<[string, string, () => unknown]>([
    [
      "a model of another width",
      "shapes-differ",
      () => new GraphRegression(model(2), data([1, 2, 3, 4, 5, 6]), { engine }),
    ],
    [
      "targets that are no whole rows",
      "shapes-differ",
      () => new GraphMultiTask(model(1), data([1, 0, 1]), { engine }),
    ],
    [
      "a graph that is not there",
      "index-out-of-range",
      () => new GraphRegression(model(1), data([1, 2, 3, 4, 5, 6], { train: Uint32Array.of(6) })),
    ],
    [
      "a batch of no graphs",
      "out-of-range",
      () => new GraphRegression(model(1), data([1, 2, 3, 4, 5, 6]), { batchSize: 0 }),
    ],
    [
      "an area for three classes",
      "out-of-range",
      () => new GraphClassification(model(3), data([0, 1, 2, 0, 1, 2]), { metric: "roc-auc" }),
    ],
    // @ts-expect-error: the metric is none.
    ["another metric", "out-of-range", () => new GraphMultiTask(model(1), data([0, 1, 1, 0, 1, 0]), { metric: "f1" })],
    [
      "class weights of another count",
      "shapes-differ",
      () => new GraphMultiTask(model(1), data([0, 1, 1, 0, 1, 0]), { classWeights: [1, 2] }),
    ],
    [
      "an option that is none",
      "unknown-option",
      // @ts-expect-error: the option is not one.
      () => new GraphRegression(model(1), data([1, 2, 3, 4, 5, 6]), { metric: "accuracy" }),
    ],
  ])("%s", (_what, code, call) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
