import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { adam, backward, Random, SequenceClassifier, saveModel, scope } from "@vicinal/core";
import { writeFileSafely } from "@vicinal/core/node";
import {
  embedNodes,
  labelNodes,
  multiLabelNodes,
  predictGraphs,
  predictLinks,
  saveGraphPredictor,
  trainGraphPredictor,
} from "@vicinal/graph";
import { moleculeCollection } from "@vicinal/molecules";
import { UndirectedGraph } from "graphology";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inFull, type Question, type RawInput } from "./answer.ts";
import { bundled } from "./bundled.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-fresh-"));
  await bundled("program.ts", join(folder, "program.mjs"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a process that has never seen the model says, given its file and the raw input. */
async function inFreshProcess(question: Question, file: Uint8Array, input: RawInput): Promise<string> {
  const paths = [join(folder, "model.safetensors"), join(folder, "input.json")] as const;
  await writeFileSafely(paths[0], file);
  await writeFile(paths[1], JSON.stringify(input));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "program.mjs"), question, ...paths], {
    maxBuffer: 2 ** 26,
  });
  return stdout.trim();
}

/** People in two towns, who know others of their own. */
function people(seed: number): UndirectedGraph {
  const random = new Random(seed);
  const graph = new UndirectedGraph();
  for (let i = 0; i < 24; i++) {
    const town = i % 2 === 0 ? "north" : "south";
    graph.addNode(String(i), { age: 20 + random.integer(50), town, likes: i % 3 === 0 ? ["chess", town] : [town] });
  }
  for (let i = 0; i < 24; i++) {
    for (const j of [(i + 2) % 24, (i + 6) % 24, random.integer(24)]) {
      if (i !== j) graph.mergeEdge(String(i), String(j), { years: 1 + random.integer(9) });
    }
  }
  return graph;
}

const shape = { heads: 2, hidden: 8, epochs: 3 } as const;
const [graph, other] = [people(1), people(2)];
const known = graph.copy();
known.forEachNode((node, { town, likes }) => {
  if (Number(node) % 4 < 2) known.mergeNodeAttributes(node, { label: town, labels: likes });
});

describe("a prediction needs the file and the raw input alone, and has the same bits in a fresh process:", () => {
  it("labels of nodes, with weights of edges", async () => {
    const trained = await labelNodes.detailed(known, { ...shape, features: ["age", "likes"], edgeWeight: "years" });
    const answer = await inFreshProcess("labels", await trained.save(), other.export());
    expect(answer).toBe(inFull(await trained.label(other)));
  });

  it("sets of labels of nodes", async () => {
    const trained = await multiLabelNodes.detailed(known, {
      ...shape,
      features: ["age", "town"],
      split: { validationFraction: 0.25 },
      thresholds: "validation",
    });
    const answer = await inFreshProcess("label sets", await trained.save(), other.export());
    expect(answer).toBe(inFull(await trained.label(other)));
  });

  it("links and embeddings", async () => {
    const trained = await predictLinks.detailed(graph, { ...shape, dimensions: 4, features: ["age"] });
    expect(await inFreshProcess("links", await trained.save(), graph.export())).toBe(inFull(trained.links));
    const embedded = await embedNodes.detailed(graph, { ...shape, dimensions: 4 });
    expect(await inFreshProcess("embeddings", await embedded.save(), graph.export())).toBe(inFull(embedded.embeddings));
  });

  it("values of graphs, by two networks", async () => {
    const graphs = Array.from({ length: 12 }, (_, k) => people(10 + k));
    for (const [k, each] of graphs.entries()) each.setAttribute("target", 3 * k + 100);
    const trained = await predictGraphs.detailed(graphs, {
      hidden: 8,
      epochs: 2,
      ensemble: 2,
      features: ["age", "town"],
    });
    const others = [people(40), people(41)];
    const answer = await inFreshProcess(
      "graphs",
      await trained.save(),
      others.map((each) => each.export()),
    );
    expect(answer).toBe(inFull(await trained.predict(others)));
  });

  it("molecules, by two networks", async () => {
    const smiles = ["CCO", "c1ccccc1", "CC(=O)O", "CCN", "C1CCCCC1", "CC#N", "OCC(O)CO", "c1ccncc1", "CCCl", "CCCCCC"];
    const { collection } = moleculeCollection(smiles);
    const targets = smiles.map((each) => each.length);
    const { predictor } = await trainGraphPredictor({ collection, targets }, { hidden: 8, epochs: 2, ensemble: 2 });
    const others = ["CCCO", "c1ccc2ccccc2c1", "N[C@@H](C)C(=O)O"];
    const answer = await inFreshProcess("molecules", await saveGraphPredictor(predictor), others);
    expect(answer).toBe(inFull(await predictor.predict(moleculeCollection(others).collection)));
  });

  it("languages of words", async () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const [words, classes] = [
      ["haus", "house", "maus", "mouse", "aus", "out"],
      ["de", "en"],
    ];
    const tokens = (word: string) => Uint32Array.from(word, (letter) => letters.indexOf(letter));
    const model = new SequenceClassifier({
      tokens: letters.length,
      classes: classes.length,
      width: 8,
      encoder: { kind: "gru", hidden: 8 },
      random: new Random(1),
    });
    const optimizer = adam(model.parameters(), { learningRate: 0.05 });
    for (let step = 0; step < 20; step++) {
      scope(() => {
        optimizer.zeroGradients();
        backward(
          model.loss(
            words.map(tokens),
            words.map((_, k) => k % 2),
          ),
        );
        optimizer.step();
      });
    }
    const others = ["laus", "louse", "raus", "trout"];
    const answer = await inFreshProcess("words", await saveModel(model, { details: { letters, classes } }), others);
    expect(answer).toBe(inFull(Array.from(model.predict(others.map(tokens)), (k) => classes[k])));
    expect(answer).toContain("de");
  });
});
