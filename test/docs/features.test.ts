import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as core from "@vicinal/core";
import { marked, type Token, type Tokens } from "marked";
import { describe, expect, it } from "vitest";
import { publicNames } from "../packages/public-names.ts";

const path = fileURLToPath(new URL("../../docs/FEATURES.md", import.meta.url));
const index = fileURLToPath(new URL("../../packages/core/src/index.ts", import.meta.url));
const tokens = marked.lexer(readFileSync(path, "utf8"));

type Row = Readonly<Record<string, string>>;

/** The rows of the tables by the heading above them. */
const tables = new Map<string, Row[]>();
let heading = "";
for (const token of tokens) {
  if (isHeading(token)) heading = token.text;
  if (isTable(token)) {
    const columns = token.header.map(({ text }) => text);
    const rows = token.rows.map((cells) => Object.fromEntries(cells.map(({ text }, k) => [columns[k] ?? "", text])));
    tables.set(heading, [...(tables.get(heading) ?? []), ...rows]);
  }
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === "table";
}

function isHeading(token: Token): token is Tokens.Heading {
  return token.type === "heading";
}

/** The row of a name. */
function rowOf(section: string, name: string): Row {
  const row = tables.get(section)?.find((one) => one["name"] === `\`${name}\``);
  if (row === undefined) throw new Error(`FEATURES.md, ${section}: no row for ${name}.`);
  return row;
}

function namesOf(section: string): string[] {
  return (tables.get(section) ?? [])
    .flatMap(({ name }) => (name === undefined ? [] : [name.replaceAll("`", "")]))
    .sort();
}

/** Names in code in the prose and in the first columns of the tables: what the document says that there is. */
const named = new Set<string>();
marked.walkTokens(tokens, (token) => {
  if (token.type === "codespan") named.add(String(token["text"]).replace(/\(.*/, ""));
});

describe("FEATURES.md", () => {
  const { values } = publicNames(index);

  it("names everything that core exports", () => {
    expect(values.filter((name) => !named.has(name))).toEqual([]);
  });

  it("has rows for nothing else", () => {
    const rows = [...tables.keys()].flatMap(namesOf);
    expect(rows.filter((name) => !values.includes(name))).toEqual([]);
    expect(rows.length).toBeGreaterThan(50);
  });

  it("says what is held against PyTorch's numbers", () => {
    const folder = fileURLToPath(new URL("../parity", import.meta.url));
    const tests = readdirSync(folder).filter((file) => file.endsWith(".test.ts"));
    const text = tests.map((file) => readFileSync(`${folder}/${file}`, "utf8")).join();
    for (const row of [...tables.values()].flat()) {
      if (row["PyTorch"] === undefined) continue;
      const [name] = /\w+/.exec(String(row["name"])) ?? [];
      // "as `GATConv`": by what the tests name instead.
      const [, instead] = /^as `(\w+)`$/.exec(row["PyTorch"]) ?? [];
      const isTested = new RegExp(`\\b${instead ?? name}\\b`).test(text);
      expect(instead === undefined ? row["PyTorch"] : "yes", name).toBe(isTested ? "yes" : "no");
    }
  });

  const edges = { senders: Uint32Array.of(0, 1), receivers: Uint32Array.of(1, 0), senderCount: 4, receiverCount: 4 };
  const scattered = core.keyPadding([1, 0, 1, 0]);
  const neighborhoods: Readonly<Record<string, { usual: core.Neighborhood; unless?: core.Neighborhood }>> = {
    complete: { usual: core.complete(4) },
    causal: { usual: core.causal(4) },
    window: { usual: core.window(4, { radius: 1 }), unless: core.window(4, { radius: 1, dilation: 2 }) },
    grid: { usual: core.grid(2, 2, { radius: 1, dilation: 2 }), unless: core.grid(2, 2) },
    sequences: { usual: core.sequences([2, 2]) },
    groups: { usual: core.groups([0, 1, 0, 1]), unless: core.groups([0, 0, 1, 1]) },
    segments: { usual: core.segments(Uint32Array.of(0, 1), 2) },
    keyPadding: { usual: scattered, unless: core.keyPadding([1, 1, 0, 0]) },
    bipartite: { usual: core.bipartite(edges) },
    SparseNeighborhood: { usual: core.SparseNeighborhood.fromEdgeList(edges) },
    union: { usual: core.union(core.causal(4), core.complete(4)) },
    intersection: {
      usual: core.intersection(core.causal(4), scattered),
      unless: core.intersection(core.causal(4), core.complete(4)),
    },
    difference: { usual: core.difference(core.complete(4), core.causal(4)) },
  };

  it("says which neighborhoods are computed in tiles", () => {
    expect(namesOf("Neighborhoods")).toEqual(Object.keys(neighborhoods).sort());
    for (const [name, { usual, unless }] of Object.entries(neighborhoods)) {
      const says = String(rowOf("Neighborhoods", name)["in tiles"]);
      expect(says.startsWith("yes"), name).toBe(usual.runs !== undefined);
      expect(says.includes("unless"), name).toBe(unless !== undefined);
      if (unless !== undefined) expect(unless.runs !== undefined, name).toBe(usual.runs === undefined);
    }
  });

  const scores: Readonly<Record<string, core.Score>> = {
    dot: core.dot(),
    scaledDot: core.scaledDot(),
    cosine: core.cosine(),
    learnedCosine: core.learnedCosine(),
    bilinear: core.bilinear(),
    additiveTanh: core.additiveTanh(),
    bahdanau: core.bahdanau(),
    concatenation: core.concatenation(),
    additive: core.additive(),
    additiveWithEdge: core.additiveWithEdge(),
    lateAdditive: core.lateAdditive(),
    lateAdditiveWithEdge: core.lateAdditiveWithEdge(),
  };

  it("says the parameters of scores, and how they are computed", () => {
    expect(namesOf("Scores")).toEqual(Object.keys(scores).sort());
    const shape = { heads: 2, channels: 4 };
    for (const [name, score] of Object.entries(scores)) {
      const row = rowOf("Scores", name);
      const parameters = Object.entries(score.parameters).map(([parameter, rank]) => `${parameter} ${rank}`);
      expect(row["parameters"]?.split(", ").sort(), name).toEqual(parameters.length > 0 ? parameters.sort() : ["none"]);
      const tiled = core.explainPlan(score, { ...shape, neighborhood: core.complete(4) }).path === "tiled";
      expect(row["in tiles"], name).toBe(tiled ? "yes" : "no");
      expect(row["fused"], name).toBe(core.explainPlan(score, shape).path === "fused" ? "yes" : "no");
    }
  });

  const normalizers: Readonly<Record<string, core.Normalizer>> = {
    softmaxNormalizer: core.softmaxNormalizer(),
    sigmoidNormalizer: core.sigmoidNormalizer(),
    reluNormalizer: core.reluNormalizer(),
    sparsemax: core.sparsemax(),
    entmax15: core.entmax15(),
    hard: core.hard({ estimator: "gumbel-softmax" }),
  };

  it("says which normalizers are part of fused kernels, and which draw", () => {
    expect(namesOf("Normalizers")).toEqual(Object.keys(normalizers).sort());
    const logits = core.tensor([0.1, 0.2, 0.3], [3, 1]);
    const rows = { offsets: Uint32Array.of(0, 3) };
    for (const [name, normalizer] of Object.entries(normalizers)) {
      const row = rowOf("Normalizers", name);
      const { path: way } = core.explainPlan(core.scaledDot(), { heads: 2, channels: 4, normalizer });
      expect(row["fused"], name).toBe(way === "fused" ? "yes" : "no");
      const drawn = [1, 2, 3, 4, 5].map((seed) => normalizer.normalize(logits, rows, seed).dataSync().join());
      expect(row["drawn while training"], name).toBe(new Set(drawn).size > 1 ? "yes" : "no");
    }
  });
});
