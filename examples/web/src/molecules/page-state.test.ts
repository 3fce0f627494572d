import { describe, expect, it } from "vitest";
import { statusInWords } from "./in-words.ts";
import { initialState, isTraining, type MoleculesState, nextState, type PageAction } from "./page-state.ts";
import type { ModelFacts, ModelSummary, MoleculeReply, Prediction, TrainingProgress } from "./protocol.ts";

const after = (events: readonly (PageAction | MoleculeReply)[], state = initialState): MoleculesState =>
  events.reduce(nextState, state);

const facts: ModelFacts = { title: "t", task: "regression", targetNames: ["y"], unit: "", origin: "measured" };
const model: ModelSummary = { ...facts, networks: 1, attends: true, from: { kind: "file", name: "m.safetensors" } };
const progress: TrainingProgress = {
  epoch: 1,
  epochs: 2,
  loss: 1,
  validationLoss: undefined,
  validationScore: undefined,
  seconds: 1,
};
const ready = { kind: "ready", compounds: 7 } as const;
const training = { kind: "training", molecules: 5, facts } as const;
const prediction: Prediction = {
  place: 0,
  values: [1],
  uncertainty: undefined,
  attention: undefined,
  known: [undefined],
  part: undefined,
};
const listed = (list: number): MoleculeReply => ({
  kind: "listed",
  list,
  molecules: [{ place: 0, formula: "CH4", elements: ["C"] }],
  unread: [{ place: 1, smiles: "X", reason: "No element." }],
});
const written = after([ready, { kind: "write", text: "C methane\n\nX nothing\n" }]);

describe("what the tab shows", () => {
  it("joins what was written with what was read of it", () => {
    const state = after([listed(1)], written);
    expect(state.rows).toEqual([
      { line: 1, name: "methane", smiles: "C", place: 0, formula: "CH4", elements: ["C"], prediction: undefined },
    ]);
    expect(state.unread).toEqual([{ line: 3, smiles: "X", reason: "No element." }]);
  });

  it("passes over answers about what the text box held before", () => {
    const now = after([{ kind: "write", text: "N\n" }], written);
    const late: MoleculeReply[] = [
      listed(1),
      { kind: "predicted", list: 1, facts, predictions: [prediction] },
      { kind: "drawn", list: 1, drawings: [{ place: 0, svg: "<svg/>" }] },
    ];
    expect(after(late, now)).toEqual(now);
  });

  it("keeps the drawing of a molecule while others are typed", () => {
    const drawn = after([listed(1), { kind: "drawn", list: 1, drawings: [{ place: 0, svg: "<svg/>" }] }], written);
    expect(after([{ kind: "write", text: "CC\nC\n" }], drawn).drawings.get("C")).toBe("<svg/>");
  });

  it("puts predictions beside their molecules, and takes them away when other networks begin to learn", () => {
    const predicted = after([listed(1), { kind: "predicted", list: 1, facts, predictions: [prediction] }], written);
    expect(predicted.rows[0]?.prediction).toEqual(prediction);
    expect(after([{ kind: "ask-to-train" }, training], predicted).rows[0]?.prediction).toBeUndefined();
  });
});

describe("the phases of training", () => {
  const begun = after([{ kind: "ask-to-train" }, training], written);

  it("goes from asking to making to training to the result", () => {
    expect(after([{ kind: "ask-to-train" }], written).phase).toBe("preparing");
    expect(begun).toMatchObject({ phase: "training", trainedOn: 5 });
    const learned = after(
      [
        { kind: "progress", progress },
        { kind: "trained", model },
      ],
      begun,
    );
    expect(learned).toMatchObject({ phase: "ready", model, curve: [progress] });
  });

  it("pauses after the epoch that goes on, and resumes, even before it has paused", () => {
    const pausing = after([{ kind: "ask-to-pause" }], begun);
    expect(pausing.phase).toBe("pausing");
    expect(after([{ kind: "paused" }], pausing).phase).toBe("paused");
    expect(after([{ kind: "paused" }, { kind: "ask-to-resume" }], pausing).phase).toBe("training");
    expect(after([{ kind: "ask-to-resume" }, { kind: "paused" }], pausing).phase).toBe("training");
  });

  it("stops from every phase of training, and only there", () => {
    const stopping = after([{ kind: "ask-to-pause" }, { kind: "paused" }, { kind: "ask-to-stop" }], begun);
    expect([stopping.phase, isTraining(stopping)]).toEqual(["stopping", true]);
    expect(after([{ kind: "ask-to-train" }, { kind: "ask-to-stop" }, training], written).phase).toBe("stopping");
    expect(after([{ kind: "ask-to-stop" }], written).phase).toBe("ready");
  });

  it("has the model it had when it was stopped before anything was learned", () => {
    const before = after([{ kind: "ask-to-load" }, { kind: "loaded", model }], written);
    const ended = after([{ kind: "ask-to-train" }, training, { kind: "ask-to-stop" }, { kind: "stopped" }], before);
    expect(ended).toMatchObject({ phase: "ready", model, facts: model, endedEarly: true });
    expect(statusInWords(ended)).toContain("before anything was learned");
  });

  it("is ready again after a failure, with the sentence until it is dismissed or tried again", () => {
    const failed = after([{ kind: "failed", doing: "train", sentence: "No." }], begun);
    expect([failed.phase, failed.problems.train]).toEqual(["ready", "No."]);
    expect(after([{ kind: "dismiss", doing: "train" }], failed).problems).toEqual({});
    expect(after([{ kind: "ask-to-train" }], failed).problems).toEqual({});
  });

  it("goes on training when only a molecule or a table fails", () => {
    const failed = after([{ kind: "failed", doing: "table", sentence: "No." }], begun);
    expect([failed.phase, failed.problems.table]).toEqual(["training", "No."]);
  });
});

describe("the sentence about it", () => {
  it.each([
    ["starting", initialState, /^Loading/],
    ["written", after([listed(1)], written), /^1 molecule read, 1 line not\. Train networks/],
    ["paused", { ...initialState, phase: "paused", curve: [progress] }, /^Paused after 1 epoch\./],
    ["loaded", after([{ kind: "loaded", model }], written), /Predicted by the model of m\.safetensors/],
    ["broken", after([{ kind: "break" }], written), /Reload the page/],
  ] satisfies [string, MoleculesState, RegExp][])("says what goes on: %s", (_phase, state, sentence) =>
    expect(statusInWords(state)).toMatch(sentence),
  );
});
