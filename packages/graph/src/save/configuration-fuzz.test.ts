import {
  type Engine,
  loadModel,
  Random,
  readSafetensors,
  saveModel,
  sizeOf,
  VicinalError,
  type WritableTensor,
  writeSafetensors,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { GPS } from "../models/gps.ts";
import { GraphToSequence } from "../models/graph-to-sequence/graph-to-sequence.ts";
import { builtInRegistry } from "../plugin/built-in-registry.ts";
import { predictGraphs } from "../tasks/graphs/predict-graphs.ts";
import { labelNodes } from "../tasks/label-nodes.ts";
import { predictLinks } from "../tasks/links/predict-links.ts";
import { multiLabelNodes } from "../tasks/multi-label-nodes.ts";
import { mutateJson } from "../testing/mutate-json.ts";
import { loadGraphPredictions } from "./load-graph-predictor.ts";
import { loadMultiLabeling, loadNodeLabeling } from "./load-labeling.ts";
import { loadLinkPrediction } from "./load-links.ts";

const registry = builtInRegistry();
const engine = createReferenceEngine();
const made = { random: new Random(1), engine };

function ring(size: number): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let i = 0; i < size; i++) {
    graph.addNode(i, {
      age: i,
      tags: i % 2 === 0 ? ["a"] : ["b"],
      place: `p${i % 3}`,
      v: [i, 1],
      label: `l${i % 2}`,
      labels: ["x"],
    });
  }
  for (let i = 0; i < size; i++) graph.addEdge(i, (i + 1) % size, { trust: 1 });
  graph.setAttribute("target", size);
  return graph;
}

const features = ["age", "tags", "place", "v"];
const small = { hidden: 2, heads: 1, epochs: 1, engine };

/** What is loaded, and how. */
const files: readonly (readonly [
  name: string,
  make: () => Promise<Uint8Array>,
  load: (bytes: Uint8Array, engine: Engine) => unknown,
])[] = [
  [
    "a labeling",
    async () => (await labelNodes.detailed(ring(8), { ...small, features, edgeWeight: "trust" })).save(),
    (bytes, engine) => loadNodeLabeling(bytes, { engine }),
  ],
  [
    "sets of labels",
    async () => (await multiLabelNodes.detailed(ring(8), { ...small, features, model: "graph-transformer" })).save(),
    (bytes, engine) => loadMultiLabeling(bytes, { engine }),
  ],
  [
    "predictions",
    async () => {
      const options = {
        features,
        edgeFeatures: "trust",
        hidden: 2,
        epochs: 1,
        engine,
        encode: registry.encoding("degree"),
        ensemble: 2,
      };
      return (await predictGraphs.detailed([ring(3), ring(4), ring(5)], options)).save();
    },
    (bytes, engine) => loadGraphPredictions(bytes, { engine }),
  ],
  [
    "links",
    async () =>
      (
        await predictLinks.detailed(ring(8), {
          ...small,
          features,
          dimensions: 2,
          negatives: 1,
          validationFraction: 0.2,
        })
      ).save(),
    (bytes, engine) => loadLinkPrediction(bytes, { engine }),
  ],
  [
    "a model that writes",
    () => {
      const encoder = { kind: "gat", inputs: 2, hidden: 4, heads: 2, layers: 1 } as const;
      const decoder = { kind: "bahdanau", hidden: 4 } as const;
      return saveModel(new GraphToSequence({ ...made, encoder, decoder, targetTokens: 5, begin: 3, end: 4, width: 2 }));
    },
    (bytes, engine) => loadModel(bytes, { registry, engine }),
  ],
  [
    "a model of attention among all nodes",
    () => saveModel(new GPS(2, 2, { ...made, hidden: 4, heads: 2, layers: 1, encodingDim: 2 })),
    (bytes, engine) => loadModel(bytes, { registry, engine }),
  ],
];

/** The file again, with another configuration. */
function withConfiguration(bytes: Uint8Array, change: (text: string) => string): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const writable = new Map<string, WritableTensor>();
  for (const [name, { dtype, shape, values }] of tensors) {
    if (dtype === "F64") writable.set(name, { dtype, shape, values });
  }
  return writeSafetensors({ tensors: writable, metadata: { ...metadata, vicinal: change(metadata["vicinal"] ?? "") } });
}

describe("a file with another configuration is loaded, or refused with a typed error, within its own size:", () => {
  it.each(files)("%s", async (_, make, load) => {
    const bytes = await make();
    const numbers = [...readSafetensors(bytes).tensors.values()].reduce((total, { shape }) => total + sizeOf(shape), 0);
    expect(() =>
      load(
        withConfiguration(bytes, (text) => text),
        engine,
      ),
    ).not.toThrow();
    const random = new Random(7);
    const codes = new Map<string, number>();
    for (let k = 0; k < 2000; k++) {
      const mutated = withConfiguration(bytes, (text) => mutateJson(text, random));
      const fresh = createReferenceEngine();
      let code = "loaded";
      try {
        load(mutated, fresh);
      } catch (error) {
        if (!(error instanceof VicinalError)) throw new Error(`mutation ${k}`, { cause: error });
        code = error.code;
      }
      codes.set(code, (codes.get(code) ?? 0) + 1);
      expect(fresh.memory().peakBytes).toBeLessThanOrEqual(8 * 2 * (numbers + 2 ** 16));
    }
    // The mutations reach every layer: the form, the architecture, and the tensors.
    for (const code of ["loaded", "invalid-configuration", "state-differs", "too-large"])
      expect(codes.get(code), code).toBeGreaterThan(0);
  });

  it("sizes that no file has room for, which would take gigabytes", async () => {
    const bytes = await saveModel(new GPS(2, 2, { ...made, hidden: 4, heads: 2, layers: 1 }));
    for (const [from, to] of [
      ['"hidden":4', '"hidden":60000'],
      ['"layers":1', '"layers":60000'],
      ['"inputs":2', '"inputs":1e12'],
      ['"hidden":4', '"hidden":4,"encodingDim":65536'],
    ] as const) {
      const fresh = createReferenceEngine();
      const changed = withConfiguration(bytes, (text) => text.replace(from, to));
      expect(() => loadModel(changed, { registry, engine: fresh })).toThrow(
        expect.objectContaining({
          name: "FileError",
          code: expect.stringMatching(/too-large|invalid-architecture|state-differs/),
        }),
      );
      expect(fresh.memory().peakBytes).toBeLessThan(2e6);
    }
  });
});
