import { Random } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { Matrix } from "ml-matrix";
import { describe, expect, it, vi } from "vitest";
import { GraphCollection } from "../../batch/graph-collection.ts";
import {
  attentive,
  collection,
  column,
  counts,
  isRich,
  missing,
  quick,
  small,
  splitOf,
  weights,
} from "../../testing/graph-predictor-examples.ts";
import { ringOfKinds } from "../../testing/labeled-graphs.ts";
import type { GraphModelName, GraphPredictorOptions } from "./graph-predictor-options.ts";
import { trainGraphPredictor } from "./train-graph-predictor.ts";

describe("trainGraphPredictor", () => {
  it("learns numbers, and gives them in the unit of the target", async () => {
    const trained = await trainGraphPredictor({ collection, targets: weights }, { ...small, testFraction: 0.2 });
    const { test, train, validation } = trained.metrics;
    if (test?.task !== "regression") throw new Error("Numbers were to be learned.");
    expect(test.graphs).toBe(16);
    expect(test.rSquared).toBeGreaterThan(0.98);
    expect([train?.graphs, validation?.graphs]).toEqual([56, 8]);
    const { values, uncertainty } = await trained.predictor.predict(collection, { members: trained.split.test });
    expect(uncertainty).toBeUndefined();
    const errors = Array.from(values, (value, k) => value - weights[trained.split.test[k]!]!);
    expect(test.rmse).toBeCloseTo(new Matrix([errors]).norm("frobenius") / 4, 9);
  });

  it("learns one class of several, and gives probabilities", async () => {
    const most = column((row) => row.indexOf(Math.max(...row)));
    const { metrics, predictor } = await trainGraphPredictor(
      { collection, targets: most },
      { ...small, task: "classification", testFraction: 0.2 },
    );
    if (metrics.test?.task !== "classification") throw new Error("Classes were to be learned.");
    expect(metrics.test.accuracy).toBeGreaterThan(0.8);
    const { values, width } = await predictor.predict(collection);
    expect(width).toBe(3);
    expect(values).toHaveLength(3 * 80);
    for (let g = 0; g < 80; g++) expect(values[3 * g]! + values[3 * g + 1]! + values[3 * g + 2]!).toBeCloseTo(1, 9);
  });

  it("learns several questions of which some answers are missing", async () => {
    const random = new Random(1);
    const targets = Float32Array.from(
      counts.flatMap(([, b, c], g) => {
        const answers = [isRich[g]!, c! > b! ? 1 : 0];
        return answers.map((answer) => (random.uniform() < 0.3 ? missing : answer));
      }),
    );
    const { metrics } = await trainGraphPredictor(
      { collection, targets },
      { ...small, task: "multi-task", testFraction: 0.3 },
    );
    if (metrics.test?.task !== "multi-task") throw new Error("Answers were to be learned.");
    expect(metrics.test.rocAuc).toBeGreaterThan(0.95);
    expect(metrics.test.perTarget.every(({ known }) => known > 5 && known < 24)).toBe(true);
  });

  it("learns several numbers of different units, each with the same weight", async () => {
    const targets = Float32Array.from(counts.flatMap(([a, b], g) => [a! + b!, g % 3 === 0 ? missing : 1e5 * b!]));
    const { metrics } = await trainGraphPredictor({ collection, targets }, { ...small, testFraction: 0.2 });
    if (metrics.test?.task !== "regression") throw new Error("Numbers were to be learned.");
    expect(metrics.test.perTarget.map(({ rSquared }) => rSquared! > 0.95)).toEqual([true, true]);
  });

  it("keeps the epoch with the lowest error on the validation graphs, and a record of each", async () => {
    const { history, bestEpoch } = await trainGraphPredictor({ collection, targets: weights }, small);
    const losses = history.map(({ validationLoss }) => validationLoss!);
    expect(history).toHaveLength(60);
    expect(losses[bestEpoch - 1]).toBe(Math.min(...losses));
    expect(history[5]?.validationMetric).toBeCloseTo(1 - losses[5]!, 6);
  });
});

describe("an ensemble", () => {
  const data = { collection, targets: weights };

  it("has the members of as many seeds; their mean is the prediction, their deviation the uncertainty", async () => {
    const ensemble = await trainGraphPredictor(data, { ...quick, ensemble: 3, seed: 5 });
    const alone = await Promise.all(
      [5, 6, 7].map(async (seed) =>
        (await trainGraphPredictor({ ...data, split: ensemble.split }, { ...quick, seed })).predictor.predict(
          collection,
        ),
      ),
    );
    const { values, uncertainty } = await ensemble.predictor.predict(collection);
    expect(ensemble.models).toHaveLength(3);
    expect(ensemble.members).toHaveLength(3);
    for (let g = 0; g < collection.size; g++) {
      const each = alone.map((one) => one.values[g]!);
      const mean = (each[0]! + each[1]! + each[2]!) / 3;
      expect(values[g]).toBeCloseTo(mean, 6);
      expect(uncertainty?.[g]).toBeCloseTo(Math.hypot(...each.map((value) => value - mean)) / Math.sqrt(3), 6);
      expect(uncertainty?.[g]).toBeGreaterThan(0);
    }
  });

  it("averages probabilities, not logits", async () => {
    const classes = { collection, targets: isRich };
    const options = { ...quick, task: "classification" } as const;
    const both = await trainGraphPredictor(classes, { ...options, ensemble: 2 });
    const alone = await Promise.all(
      [0, 1].map(async (seed) =>
        (await trainGraphPredictor({ ...classes, split: both.split }, { ...options, seed })).predictor.predict(
          collection,
        ),
      ),
    );
    const { values, uncertainty } = await both.predictor.predict(collection);
    for (let k = 0; k < values.length; k++) {
      const [p, q] = [alone[0]!.values[k]!, alone[1]!.values[k]!];
      expect(values[k]).toBeCloseTo((p + q) / 2, 9);
      expect(uncertainty?.[k]).toBeCloseTo(Math.abs(p - q) / 2, 9);
    }
  });

  it("tells which member is being trained", async () => {
    const seen = new Set<string>();
    await trainGraphPredictor(data, {
      ...quick,
      ensemble: 2,
      onProgress: ({ member, members, epoch }) => seen.add(`${member}/${members} ${epoch}`),
    });
    expect([...seen]).toEqual(["0/2 1", "0/2 2", "0/2 3", "1/2 1", "1/2 2", "1/2 3"]);
  });
});

describe("a graph predictor", () => {
  it("gives the same bits for the same seed, and others for another", async () => {
    const run = async (seed: number) =>
      (
        await (
          await trainGraphPredictor({ collection, targets: weights }, { ...quick, seed })
        ).predictor.predict(collection)
      ).values;
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it("learns nothing from what test graphs are known to be", async () => {
    const split = splitOf(
      [...counts.keys()].slice(0, 50),
      [...counts.keys()].slice(50, 60),
      [...counts.keys()].slice(60),
    );
    const other = weights.map((value, g) => (g < 60 ? value : -value));
    const run = async (targets: Float32Array) => trainGraphPredictor({ collection, targets, split }, quick);
    const [truth, changed] = [await run(weights), await run(other)];
    expect((await changed.predictor.predict(collection)).values).toEqual(
      (await truth.predictor.predict(collection)).values,
    );
    expect(changed.choices).toEqual(truth.choices);
    expect(changed.metrics.validation).toEqual(truth.metrics.validation);
    expect(changed.metrics.test).not.toEqual(truth.metrics.test);
  });

  it("answers the same for a graph alone and among others, whatever the batches", async () => {
    const { predictor } = await trainGraphPredictor({ collection, targets: weights }, quick);
    const all = await predictor.predict(collection, { batchSize: 7 });
    const alone = await predictor.predict(collection, { members: [11] });
    expect(alone.values[0]).toBeCloseTo(all.values[11]!, 6);
  });

  it("says which nodes it attended to, graph by graph, where its read-out attends", async () => {
    const { predictor } = await trainGraphPredictor(
      { collection, targets: weights },
      { ...quick, model: attentive, ensemble: 2 },
    );
    const { attention, values } = await predictor.detailed(collection);
    expect(values).toEqual((await predictor.predict(collection)).values);
    expect(attention).toHaveLength(80);
    for (const [g, weightsOfNodes] of attention!.entries()) {
      expect(weightsOfNodes).toHaveLength(counts[g]!.reduce((a, b) => a + b, 0));
      expect(weightsOfNodes.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    }
    const without = await trainGraphPredictor({ collection, targets: weights }, quick);
    expect((await without.predictor.detailed(collection)).attention).toBeUndefined();
  });

  it("runs on the engine that is asked for", async () => {
    const engine = createReferenceEngine();
    const run = vi.spyOn(engine, "run");
    const onReference = await trainGraphPredictor({ collection, targets: weights }, { ...quick, engine });
    expect(run).toHaveBeenCalled();
    const onWasm = await trainGraphPredictor({ collection, targets: weights }, quick);
    const [expected, got] = [
      await onReference.predictor.predict(collection),
      await onWasm.predictor.predict(collection),
    ];
    for (const [g, value] of expected.values.entries()) expect(got.values[g]! / value).toBeCloseTo(1, 4);
  });

  it("knows nodes without features by how many neighbors they have", async () => {
    const random = new Random(2);
    const bare = Array.from({ length: 40 }, (_, g) => {
      const { nodes = 0, edges } = ringOfKinds(6, random);
      // Every other graph has a node in the middle.
      const middle = Array.from({ length: nodes }, (_, node) => node);
      const hub = new Array<number>(nodes).fill(nodes);
      return g % 2 === 0
        ? {
            nodes: nodes + 1,
            edges: {
              sources: Uint32Array.from([...edges!.sources, ...middle]),
              targets: Uint32Array.from([...edges!.targets, ...hub]),
            },
          }
        : { nodes: nodes + 1, edges: edges! };
    });
    const { metrics } = await trainGraphPredictor(
      { collection: new GraphCollection(bare), targets: Float32Array.from(bare, (_, g) => g % 2) },
      { ...small, task: "classification", testFraction: 0.25 },
    );
    expect(metrics.test).toMatchObject({ accuracy: 1 });
  });

  it("refuses graphs of another width than those it was trained on", async () => {
    const { predictor } = await trainGraphPredictor({ collection, targets: weights }, quick);
    const others = new GraphCollection([
      { nodes: 1, edges: { sources: new Uint32Array(0), targets: new Uint32Array(0) } },
    ]);
    await expect(predictor.predict(others)).rejects.toThrow(expect.objectContaining({ code: "mixed-widths" }));
  });
});

describe("class weights", () => {
  it("that are balanced make a rare class count as much as the other", async () => {
    // What a constant says of two classes is how much each counts.
    const random = new Random(4);
    const noise = new GraphCollection(
      Array.from({ length: 60 }, () => {
        const { kinds: _, ...parts } = ringOfKinds(4, random);
        return parts;
      }),
    );
    const rare = Float32Array.from({ length: 60 }, (_, g) => (g % 10 === 0 ? 1 : 0));
    const meanOf = async (task: "classification" | "multi-task", options: GraphPredictorOptions) => {
      const { predictor } = await trainGraphPredictor(
        { collection: noise, targets: rare },
        { ...small, ...options, task, validationFraction: 0 },
      );
      const { values, width } = await predictor.predict(noise);
      const positive = values.filter((_, k) => k % width === width - 1);
      return positive.reduce((a, b) => a + b, 0) / positive.length;
    };
    for (const task of ["classification", "multi-task"] as const) {
      expect(await meanOf(task, {})).toBeLessThan(0.2);
      expect(await meanOf(task, { classWeights: "balanced" })).toBeGreaterThan(0.3);
    }
  });
});

describe("what is chosen", () => {
  it("is said with its reason, and what was given is said to be given", async () => {
    const { choices } = await trainGraphPredictor({ collection, targets: weights }, quick);
    const byOption = new Map(choices.map((choice) => [choice.option, choice]));
    expect(byOption.get("batchSize")).toEqual({ option: "batchSize", value: 16, reason: "given" });
    expect(byOption.get("model")).toEqual({ option: "model", value: "linear", reason: "given" });
    expect(byOption.get("schedule")).toMatchObject({ value: "cosine" });
    expect(byOption.get("schedule")?.reason).not.toBe("given");
    expect(byOption.has("hidden")).toBe(false);
  });

  it.each<GraphModelName>(["attentive-fp", "gat", "gatv2", "transformer", "gin"])(
    "trains the network %s by its name",
    async (model) => {
      const { predictor, choices, metrics } = await trainGraphPredictor(
        { collection, targets: weights },
        { model, epochs: 2, hidden: 8, layers: 2 },
      );
      expect(predictor.width).toBe(1);
      expect(metrics.train).toMatchObject({ task: "regression", graphs: 72 });
      expect(choices.find(({ option }) => option === "model")).toEqual({
        option: "model",
        value: model,
        reason: "given",
      });
      const { attention } = await predictor.detailed(collection);
      if (model === "attentive-fp") expect(attention).toHaveLength(80);
    },
  );
});

describe("trainGraphPredictor is aborted", () => {
  it("before it begins, and while it trains", async () => {
    const data = { collection, targets: weights };
    await expect(
      trainGraphPredictor(data, { ...quick, signal: AbortSignal.abort(new Error("enough")) }),
    ).rejects.toThrow("enough");
    const controller = new AbortController();
    const training = trainGraphPredictor(data, {
      ...quick,
      ensemble: 2,
      signal: controller.signal,
      onProgress: ({ member }) => member === 1 && controller.abort(new Error("enough")),
    });
    await expect(training).rejects.toThrow("enough");
  });
});
