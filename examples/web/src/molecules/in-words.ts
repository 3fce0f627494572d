import { mostAttended } from "./attention.ts";
import { isTraining, type MoleculeRow, type MoleculesState } from "./page-state.ts";
import type { HeldOutScores, LearnedTask, ModelFacts, ModelSummary, Part } from "./protocol.ts";

type ValueFacts = Pick<ModelFacts, "task" | "unit">;

/** A number with its unit, or the probability of a yes in percent. */
function valueInWords({ task, unit }: ValueFacts, value: number): string {
  if (task === "multi-task") return `${Math.round(100 * value)} % yes`;
  return unit === "" ? numberInWords(value) : `${numberInWords(value)} ${unit}`;
}

/** A prediction with how far the networks are apart. */
export function predictionInWords(facts: ValueFacts, value: number, uncertainty: number | undefined): string {
  if (uncertainty === undefined) return valueInWords(facts, value);
  if (facts.task === "multi-task") return `${Math.round(100 * value)} ± ${Math.round(100 * uncertainty)} % yes`;
  const number = `${numberInWords(value)} ± ${numberInWords(uncertainty)}`;
  return facts.unit === "" ? number : `${number} ${facts.unit}`;
}

/** What is known of a molecule. */
export function knownInWords(facts: ValueFacts, known: number): string {
  if (facts.task === "multi-task") return known === 1 ? "yes" : "no";
  return valueInWords(facts, known);
}

/** What a molecule was to the networks. */
export function partInWords(part: Part | undefined): string {
  switch (part) {
    case "train":
      return "learned from";
    case "validation":
      return "chosen by";
    case "test":
      return "held out";
    default:
      return "new";
  }
}

/** Two decimals, or three digits of what is very large or small. */
export function numberInWords(value: number): string {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 5e-3)) return value.toExponential(2).replace("-", "\u2212");
  return (size >= 1000 ? value.toFixed(0) : value.toFixed(2)).replace("-", "\u2212");
}

/** How well held-out molecules were predicted, in a sentence. */
export function scoresInWords(scores: HeldOutScores, facts: ValueFacts): string {
  const on =
    scores.part === "test"
      ? `On the ${countInWords(scores.molecules, "molecule")} that were held out`
      : `On the ${countInWords(scores.molecules, "molecule")} that were learned from (too few to hold any out, so this says little)`;
  if (scores.rocAuc !== undefined) {
    return `${on}, the area under the ROC curve is ${scores.rocAuc.toFixed(3)}; guessing has 0.5.`;
  }
  if (scores.rmse === undefined || scores.rmseOfMean === undefined) return `${on}, nothing could be measured.`;
  const rSquared = scores.rSquared === undefined ? "" : ` and R² ${numberInWords(scores.rSquared)}`;
  return (
    `${on}, predictions have an RMSE of ${valueInWords(facts, scores.rmse)}${rSquared}; ` +
    `always answering with the mean has ${valueInWords(facts, scores.rmseOfMean)}.`
  );
}

/** How a model came to be, in a sentence. */
export function originInWords({ from, networks, title }: ModelSummary): string {
  const of = networks === 1 ? "One network" : `${networks} networks`;
  if (from.kind === "file") return `${of} out of ${from.name}: ${title}.`;
  const stopped = from.stopped ? ", stopped early" : "";
  return (
    `${of}, trained for ${countInWords(from.epochs, "epoch")}${stopped} in ${from.seconds.toFixed(1)} s on ` +
    `${countInWords(from.molecules, "molecule")}: ${title}.`
  );
}

/** What the page is doing, in a sentence that changes seldom enough to be read out. */
export function statusInWords(state: MoleculesState): string {
  const { phase, model, curve, trainedOn, rows, unread } = state;
  const epoch = curve.at(-1)?.epoch ?? 0;
  switch (phase) {
    case "starting":
      return "Loading the chemistry …";
    case "preparing":
      return "Reading the molecules to learn from …";
    case "training":
      return `Training on ${countInWords(trainedOn, "molecule")}.`;
    case "pausing":
      return "Pausing after this epoch …";
    case "paused":
      return `Paused after ${countInWords(epoch, "epoch")}.`;
    case "stopping":
      return "Stopping …";
    case "loading":
      return "Reading the model …";
    case "broken":
      return "The worker of this tab has ended. Reload the page to go on.";
    case "ready": {
      const read = `${countInWords(rows.length, "molecule")} read${unread.length === 0 ? "" : `, ${countInWords(unread.length, "line")} not`}.`;
      if (state.endedEarly) return `${read} Training was stopped before anything was learned.`;
      return model === undefined
        ? `${read} Train networks, or load a model, to predict them.`
        : `${read} ${trainedInWords(model)}`;
    }
  }
}

function trainedInWords({ from }: ModelSummary): string {
  return from.kind === "file" ? `Predicted by the model of ${from.name}.` : "Training has ended; they are predicted.";
}

/** What a drawing shows, for those who cannot see it. */
export function drawingInWords({ name, formula, elements, prediction }: MoleculeRow): string {
  const attention = prediction?.attention;
  if (attention === undefined || attention.length < 2) return `${name}, ${formula}`;
  const atoms = mostAttended(elements, attention).map(
    ({ element, atom, share }) => `${element} ${atom} (${Math.round(100 * share)} %)`,
  );
  return `${name}, ${formula}. Most attention went to the atoms ${atoms.join(", ")}.`;
}

/** What the validation score of a task is called. */
export function scoreName(task: LearnedTask): string {
  return task === "regression" ? "RMSE" : "ROC AUC";
}

/** A count with its noun: `"1 epoch"`, `"20 epochs"`. */
export function countInWords(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Whether a model of now is still being made: its predictions change from second to second. */
export function isLive(state: MoleculesState): boolean {
  return isTraining(state) && state.curve.length > 0;
}
