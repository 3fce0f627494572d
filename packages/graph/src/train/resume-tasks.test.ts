import { adam, createWasmEngine, type Module, Random } from "@vicinal/core";
import { expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { featureTensor } from "../convert/feature-tensor.ts";
import { AttentiveFP } from "../models/attentive-fp.ts";
import { GAT } from "../models/gat.ts";
import { GraphRegression } from "../tasks/graphs/graph-regression.ts";
import { LinkModel } from "../tasks/links/link-model.ts";
import { linkParts } from "../tasks/links/link-parts.ts";
import { LinkTraining } from "../tasks/links/link-training.ts";
import { splitLinks } from "../tasks/links/split-links.ts";
import { NodeClassification } from "../tasks/node-classification.ts";
import { plantedEdges } from "../testing/graphs.ts";
import { rings } from "../testing/labeled-graphs.ts";
import { matchingEdges } from "../testing/linked-communities.ts";
import { type FitOptions, fit, type TrainingTask } from "./fit.ts";

const engine = createWasmEngine();
const even = (count: number) => Uint32Array.from({ length: count / 2 }, (_, k) => 2 * k);
const odd = (count: number) => even(count).map((k) => k + 1);

/** A model and a task, as a program makes them anew when it is started again. */
interface Made {
  readonly model: Module;
  readonly task: TrainingTask;
}

function labels(seed: number): Made {
  const nodes = 40;
  const random = new Random(2);
  const values = Float32Array.from({ length: 3 * nodes }, () => random.normal());
  const data = {
    neighborhood: neighborhoodOfEdges(nodes, plantedEdges(nodes / 2, 4, 3)),
    features: { kind: "dense", rows: nodes, columns: 3, values } as const,
    labels: Int32Array.from({ length: nodes }, (_, node) => (node < nodes / 2 ? 0 : 1)),
    classes: 2,
    train: even(nodes),
    validation: odd(nodes),
  };
  const model = new GAT(3, 2, { random: new Random(seed), engine, heads: 2, hidden: 8, dropout: 0.4, normalize: true });
  return { model, task: new NodeClassification(model, data, () => 0, engine) };
}

function graphs(seed: number): Made {
  const count = 24;
  const { collection, counts } = rings(count, 1);
  const targets = Float64Array.from(counts, ([a = 0, b = 0]) => a - 2 * b);
  const model = new AttentiveFP(3, 1, { random: new Random(seed), engine, hidden: 8, layers: 2, dropout: 0.3 });
  const data = { collection, targets, train: even(count), validation: odd(count) };
  return { model, task: new GraphRegression(model, data, { batchSize: 5, engine }) };
}

function links(seed: number): Made {
  const edges = matchingEdges(30, 4, 2);
  const data = { nodes: 30, edges, split: splitLinks(edges, { validationFraction: 0.2 }) };
  const shape = { dimensions: 4, decoder: "network", nodeVectors: true, layer: "gatv2", layers: 2, heads: 2 } as const;
  const more = { hidden: 8, dropout: 0.3, residual: true, normalize: true } as const;
  const made = { random: new Random(seed), engine };
  const model = new LinkModel({ ...made, nodes: 30, features: 3, directed: false, ...shape, ...more });
  const values = Float32Array.from({ length: 90 }, (_, k) => Math.cos(k));
  const features = featureTensor({ kind: "dense", rows: 30, columns: 3, values }, { engine });
  const options = { negatives: 2, disjointTrainRatio: 0.5 };
  return { model, task: new LinkTraining(model, features, linkParts(data), options, new Random(9)) };
}

const everything = ({ model }: Made) => [...model.namedState()].map(([name, each]) => [name, each.dataSync()]);

it.each([
  ["labels of nodes", labels],
  ["numbers of graphs, in batches", graphs],
  ["links, told from others that are drawn", links],
] as const)(
  "a run that learns %s, with dropout, ends with the same bits when it is stopped and resumed",
  async (_, make) => {
    const run = (
      { model, task }: Made,
      seed: number,
      options: Pick<FitOptions, "checkpoint" | "resume" | "signal">,
    ) => {
      const optimizer = adam(model.parameters(), { learningRate: 0.02 });
      return fit(model, task, { optimizer, random: new Random(seed), epochs: 8, patience: 8, ...options });
    };
    const whole = make(1);
    const { history } = await run(whole, 2, {});
    let kept: Uint8Array | undefined;
    const controller = new AbortController();
    const stop = new Error("stopped");
    const save = (bytes: Uint8Array): void => {
      if (kept !== undefined) controller.abort(stop);
      kept ??= bytes;
    };
    await expect(run(make(1), 2, { checkpoint: { every: 3, save }, signal: controller.signal })).rejects.toBe(stop);
    // Other first weights and another seed: all of it comes from the checkpoint.
    const resumed = make(50);
    const after = await run(resumed, 60, { resume: kept });
    const told = (records: typeof history) => records.map(({ milliseconds: _time, ...record }) => record);
    expect(told(after.history)).toEqual(told(history));
    expect(everything(resumed)).toEqual(everything(whole));
  },
);
