import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MoleculeReply, MoleculeRequest, TrainingSettings } from "./protocol.ts";
import { MoleculeSession } from "./session.ts";

const table = readFileSync(
  new URL("../../../molecule-property-prediction/data/molecules.csv", import.meta.url),
  "utf8",
);
const embedded = table
  .trim()
  .split("\n")
  .slice(1, 121)
  .map((line) => line.split(",").at(-1) ?? "");

const settings: TrainingSettings = { network: "attentive-fp", hidden: 8, networks: 2, epochs: 3, seed: 0 };

/** A session with all that it answered. */
function begin(smiles: readonly string[] = embedded) {
  const replies: MoleculeReply[] = [];
  const listeners: ((reply: MoleculeReply) => void)[] = [];
  const session = new MoleculeSession((reply) => {
    replies.push(reply);
    for (const listener of listeners) listener(reply);
  }, smiles);
  const ask = (request: MoleculeRequest) => session.handle(request);
  const of = <Kind extends MoleculeReply["kind"]>(kind: Kind) =>
    replies.filter((reply): reply is Extract<MoleculeReply, { kind: Kind }> => reply.kind === kind);
  const last = <Kind extends MoleculeReply["kind"]>(kind: Kind) => {
    const reply = of(kind).at(-1);
    if (reply === undefined) throw new Error(`No reply "${kind}"; got ${JSON.stringify(replies.at(-1))}.`);
    return reply;
  };
  return { ask, of, last, replies, whenever: (act: (reply: MoleculeReply) => void) => listeners.push(act) };
}

const list = (smiles: readonly string[], number = 1): MoleculeRequest => ({ kind: "list", list: number, smiles });
const train = (changes: Partial<TrainingSettings> = {}): MoleculeRequest => ({
  kind: "train",
  source: { kind: "embedded" },
  settings: { ...settings, ...changes },
});

describe("a session", () => {
  it("reads molecules, says which it cannot read, and draws those asked for with a disc for each atom", async () => {
    const { ask, last } = begin();
    await ask(list(["CCO", "C1C", "[Na+].[Cl-]"]));
    expect(last("listed")).toMatchObject({
      list: 1,
      molecules: [
        { place: 0, formula: "C2H6O", elements: ["C", "C", "O"] },
        { place: 2, elements: ["Na", "Cl"] },
      ],
      unread: [{ place: 1, smiles: "C1C" }],
    });
    await ask({ kind: "draw", list: 1, places: [2, 1, 7] });
    const { drawings } = last("drawn");
    expect(drawings.map(({ place }) => place)).toEqual([2]);
    expect(drawings[0]?.svg.match(/<circle/g)).toHaveLength(2);
  });

  it("trains networks and predicts with mean, spread, attention, and what is computed beside it", async () => {
    const { ask, last, of } = begin();
    await ask(list(["CCCCCCCCCC", "OCC(O)C(O)CO", "CC(=O)Oc1ccccc1C(=O)O"]));
    await ask(train({ epochs: 12, hidden: 16 }));
    const { model } = last("trained");
    expect(model).toMatchObject({
      networks: 2,
      attends: true,
      origin: "computed",
      from: { epochs: 12, stopped: false },
    });
    if (model.from.kind !== "trained") throw new Error("It was trained.");
    const { scores } = model.from;
    expect(scores).toMatchObject({ part: "test", molecules: 12 });
    expect(scores.rmse).toBeLessThan(scores.rmseOfMean ?? 0);
    expect(of("progress").map(({ progress }) => progress.epoch)).toEqual(Array.from({ length: 12 }, (_, k) => k + 1));
    const { predictions, facts } = last("predicted");
    expect(facts.targetNames).toEqual(["computed logP"]);
    // Decane dissolves in fat, erythritol in water.
    expect(predictions[0]!.values[0]).toBeGreaterThan(predictions[1]!.values[0]!);
    expect(predictions[0]!.known[0]).toBeGreaterThan(3);
    for (const { attention, uncertainty } of predictions) {
      expect(attention?.reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 5);
      expect(uncertainty?.[0]).toBeGreaterThan(0);
    }
  });

  it("says of a molecule of the list which part it played", async () => {
    const { ask, last } = begin();
    await ask(list([...embedded, "C1CC1C2CC2CCl"]));
    await ask(train({ epochs: 1 }));
    const parts = last("predicted").predictions.map(({ part }) => part);
    const count = (wanted: string | undefined) => parts.filter((part) => part === wanted).length;
    expect([count("train"), count("validation"), count("test"), count(undefined)]).toEqual([96, 12, 12, 1]);
  });

  it("writes a model that another session reads, and that answers with the same bits", async () => {
    const [first, second] = [begin(), begin()];
    for (const { ask } of [first, second]) await ask(list(["CCO", "c1ccccc1O"]));
    await first.ask(train());
    await first.ask({ kind: "save" });
    await second.ask({ kind: "load", name: "mine.safetensors", bytes: first.last("saved").bytes });
    expect(second.last("loaded").model).toMatchObject({
      ...first.last("predicted").facts,
      networks: 2,
      attends: true,
      from: { kind: "file", name: "mine.safetensors" },
    });
    const answers = (from: typeof first) =>
      from.last("predicted").predictions.map(({ part: _, ...prediction }) => prediction);
    expect(answers(second)).toEqual(answers(first));
  });

  it.each([
    ["an empty file", new Uint8Array()],
    ["noise", new TextEncoder().encode("<script>alert(1)</script>".repeat(20))],
    ["a header that is larger than the file", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 1)],
  ])("refuses %s as a model, and goes on", async (_what, bytes) => {
    const { ask, last } = begin();
    await ask({ kind: "load", name: "bad.safetensors", bytes });
    expect(last("failed")).toMatchObject({ doing: "load", sentence: expect.stringContaining("bad.safetensors") });
    await ask(list(["C"]));
    expect(last("listed").molecules).toHaveLength(1);
  });

  it("waits when it is paused, with the same outcome, bit for bit", async () => {
    const [straight, paused] = [begin(), begin()];
    await straight.ask(list(["CCO"]));
    await straight.ask(train());
    await paused.ask(list(["CCO"]));
    paused.whenever((reply) => {
      if (reply.kind === "progress" && reply.progress.epoch === 2) void paused.ask({ kind: "pause" });
      if (reply.kind === "paused") setTimeout(() => void paused.ask({ kind: "resume" }), 30);
    });
    await paused.ask(train());
    expect(paused.of("paused")).toHaveLength(1);
    expect(paused.last("predicted").predictions).toEqual(straight.last("predicted").predictions);
  });

  it("ends when it is stopped, paused or not, with what was learned by then", async () => {
    for (const pauses of [false, true]) {
      const { ask, last, whenever } = begin();
      whenever((reply) => {
        if (reply.kind === "progress" && reply.progress.epoch === 2) void ask({ kind: pauses ? "pause" : "stop" });
        if (reply.kind === "paused") void ask({ kind: "stop" });
      });
      await ask(train({ epochs: 500 }));
      expect(last("trained").model.from).toMatchObject({ epochs: 2, stopped: true });
    }
  });

  it("keeps the model it had when it is stopped before anything was learned", async () => {
    const { ask, last, of, whenever } = begin();
    await ask(list(["CCO"]));
    await ask(train({ epochs: 1 }));
    const before = last("predicted").predictions;
    whenever((reply) => {
      if (reply.kind === "training") void ask({ kind: "stop" });
    });
    await ask(train({ epochs: 5, seed: 1 }));
    expect(of("stopped")).toHaveLength(1);
    expect(last("predicted").predictions).toEqual(before);
  });

  it("learns a column of a table, and knows its numbers again however a molecule is written", async () => {
    const { ask, last } = begin([]);
    const rows = embedded.map((smiles) => `${smiles},${smiles.length}`);
    await ask({
      kind: "table",
      name: "mine.csv",
      text: `SMILES,length (characters)\n${rows.join("\n")}\nC1C,3\nCCCCl,\n`,
    });
    expect(last("table")).toMatchObject({ rows: 122, guess: { smiles: "SMILES", target: "length (characters)" } });
    await ask(list(["CCC", "C(C)C", "ClCCC"]));
    const columns = { smiles: "SMILES", target: "length (characters)" };
    await ask({ kind: "train", source: { kind: "table", columns, unit: "characters" }, settings });
    expect(last("trained").model).toMatchObject({
      title: "length (characters) of mine.csv",
      unit: "characters",
      origin: "measured",
      task: "regression",
      from: { unread: [{ place: 121, smiles: "C1C" }] },
    });
    expect(last("predicted").predictions.map(({ known }) => known[0])).toEqual([3, 3, undefined]);
  });

  it("learns answers yes and no as such", async () => {
    const { ask, last } = begin([]);
    const rows = embedded.map((smiles) => `${smiles},${smiles.includes("O") ? 1 : 0}`);
    await ask({ kind: "table", name: "acids.csv", text: `smiles,holds oxygen\n${rows.join("\n")}\n` });
    await ask(list(["CCO", "CC"]));
    const columns = { smiles: "smiles", target: "holds oxygen" };
    await ask({
      kind: "train",
      source: { kind: "table", columns, unit: "" },
      settings: { ...settings, hidden: 16, epochs: 25 },
    });
    const { model } = last("trained");
    expect(model.task).toBe("multi-task");
    expect(model.from).toMatchObject({ scores: { rmse: undefined } });
    const [alcohol, alkane] = last("predicted").predictions;
    expect(alcohol!.values[0]).toBeGreaterThan(alkane!.values[0]!);
  });

  it.each([
    ["a table that is none", { kind: "table", name: "x.csv", text: "" }, "table"],
    ["nothing to save", { kind: "save" }, "save"],
    [
      "no table to learn from",
      { kind: "train", source: { kind: "table", columns: { smiles: "a", target: "b" }, unit: "" }, settings },
      "train",
    ],
    ["nothing to learn from", train(), "train"],
  ] satisfies [string, MoleculeRequest, string][])("answers %s with a sentence", async (_what, request, doing) => {
    const { ask, last } = begin([]);
    await ask(request);
    expect(last("failed")).toMatchObject({ doing, sentence: expect.stringMatching(/\w+ \w+.*[.?]$/) });
  });
});
