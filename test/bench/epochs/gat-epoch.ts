import { join } from "node:path";
import type { CsrMatrix, FeatureMatrix } from "@vicinal/core";
import type { NodeDataset } from "@vicinal/datasets";
import { neighborhoodOfEdges, normalizeRows } from "@vicinal/graph";
import type { Entry, Work } from "../run/contest.ts";
import { drawGatParameters, type GatProblem, gatAnswers, writeGatProblem } from "./gat-work.ts";

/** The hyperparameters of the GAT paper's experiments, on which nothing here depends but how much is dropped. */
const paper = { heads: 8, channels: 8, dropout: 0.6, learningRate: 0.005, weightDecay: 5e-4 } as const;

/** Our own program. */
export const vicinalGat: Entry = {
  name: "Vicinal",
  command: process.execPath,
  before: [join(import.meta.dirname, "vicinal-gat.js")],
};

/** Answers that are further apart are not of the same network. */
const tolerance = 1e-3;

/** An epoch of the GAT paper's network on a data set: a step of training on the whole graph. */
export function gatEpoch(dataset: NodeDataset): Work {
  return {
    name: `GAT epoch, ${dataset.name}`,
    parts: ["epoch"],
    arguments: [],
    answers: gatAnswers,
    tolerance,
    writeInputs: (folder) => writeGatProblem(folder, gatProblem(dataset)),
  };
}

/** A data set with the first weights of the network, as every contestant reads them. */
export function gatProblem(dataset: NodeDataset): GatProblem {
  const { nodes, labels, classNames, splits, name } = dataset;
  const features = sparse(name, dataset.features);
  const work = { nodes, features: features.columns, classes: classNames.length, ...paper };
  const { offsets, senderOf } = withLoops(dataset);
  return {
    work,
    floats: { featureValues: valuesOf(features), ...drawGatParameters(work, 1) },
    indices: {
      featureOffsets: features.indptr,
      featureColumns: features.indices,
      offsets,
      senders: senderOf,
      labels: Uint32Array.from(labels),
      training: splits[0]?.train ?? new Uint32Array(),
    },
  };
}

function withLoops({ nodes, edges }: NodeDataset) {
  const loops = Uint32Array.from({ length: nodes }, (_, node) => node);
  const join = (ends: Uint32Array): Uint32Array => {
    const all = new Uint32Array(ends.length + nodes);
    all.set(ends);
    all.set(loops, ends.length);
    return all;
  };
  return neighborhoodOfEdges(nodes, { sources: join(edges.sources), targets: join(edges.targets) });
}

function sparse(name: string, features: FeatureMatrix | undefined): CsrMatrix {
  const rows = features && normalizeRows(features);
  if (rows?.kind !== "csr") throw new Error(`${name}: got ${rows?.kind ?? "no"} features; expected sparse ones.`);
  return rows;
}

function valuesOf({ indices, values }: CsrMatrix): Float32Array {
  return values === undefined ? new Float32Array(indices.length).fill(1) : Float32Array.from(values);
}
