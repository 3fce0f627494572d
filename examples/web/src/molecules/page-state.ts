import type {
  ModelFacts,
  ModelSummary,
  MoleculeReply,
  Prediction,
  ReadMolecule,
  TrainingProgress,
  Undertaking,
  UnreadMolecule,
} from "./protocol.ts";
import { readWrittenList, type WrittenList, type WrittenMolecule } from "./written-list.ts";

/** What goes on. While networks are made or trained, nothing else can be begun but reading and drawing molecules. */
export type Phase =
  | "starting"
  | "ready"
  | "preparing"
  | "training"
  | "pausing"
  | "paused"
  | "stopping"
  | "loading"
  | "broken";

/** The table that was read last. */
export type OpenedTable = Omit<Extract<MoleculeReply, { kind: "table" }>, "kind">;

/** All that the tab shows. */
export interface MoleculesState {
  readonly phase: Phase;
  /** Count of compounds in the list that comes with the page. */
  readonly compounds: number;
  /** Numbers what the text box held. */
  readonly list: number;
  readonly written: WrittenList;
  /** What became of `written`; of the list before while a new one is read. */
  readonly rows: readonly MoleculeRow[];
  readonly unread: readonly UnreadLine[];
  /** SVG by SMILES. */
  readonly drawings: ReadonlyMap<string, string>;
  /** What the predictions are of; undefined before there are any. */
  readonly facts: ModelFacts | undefined;
  readonly model: ModelSummary | undefined;
  readonly table: OpenedTable | undefined;
  readonly curve: readonly TrainingProgress[];
  /** Count of molecules that are being trained on. */
  readonly trainedOn: number;
  /** Whether the last training was stopped before it had learned anything. */
  readonly endedEarly: boolean;
  /** What went wrong, by what was asked for. */
  readonly problems: Readonly<Partial<Record<Undertaking, string>>>;
}

/** A molecule of the text box. */
export interface MoleculeRow extends WrittenMolecule, Omit<ReadMolecule, "place"> {
  /** Its place in the list, from 0. */
  readonly place: number;
  readonly prediction: Prediction | undefined;
}

/** A line of the text box that holds no molecule. */
export interface UnreadLine extends Omit<UnreadMolecule, "place"> {
  readonly line: number;
}

/** What a reader of the page does. */
export type PageAction =
  | { readonly kind: "write"; readonly text: string }
  | { readonly kind: "ask-to-train" }
  | { readonly kind: "ask-to-pause" }
  | { readonly kind: "ask-to-resume" }
  | { readonly kind: "ask-to-stop" }
  | { readonly kind: "ask-to-load" }
  | { readonly kind: "refuse"; readonly doing: Undertaking; readonly sentence: string }
  | { readonly kind: "dismiss"; readonly doing: Undertaking }
  | { readonly kind: "break" };

/** Drawings of so many molecules are kept while the text box changes. */
const mostDrawings = 500;

export const initialState: MoleculesState = {
  phase: "starting",
  compounds: 0,
  list: 0,
  written: { molecules: [], leftOut: 0 },
  rows: [],
  unread: [],
  drawings: new Map(),
  facts: undefined,
  model: undefined,
  table: undefined,
  curve: [],
  trainedOn: 0,
  endedEarly: false,
  problems: {},
};

/** Whether networks are being made or trained. */
export function isTraining({ phase }: MoleculesState): boolean {
  return ["preparing", "training", "pausing", "paused", "stopping"].includes(phase);
}

/** What the tab shows next. */
export function nextState(state: MoleculesState, event: PageAction | MoleculeReply): MoleculesState {
  switch (event.kind) {
    case "write": {
      const drawings = state.drawings.size > mostDrawings ? new Map<string, string>() : state.drawings;
      return without({ ...state, drawings, list: state.list + 1, written: readWrittenList(event.text) }, "list");
    }
    case "ask-to-train":
      return without({ ...state, phase: "preparing", curve: [], endedEarly: false }, "train");
    case "ask-to-pause":
      return state.phase === "training" ? { ...state, phase: "pausing" } : state;
    case "ask-to-resume":
      return ["paused", "pausing"].includes(state.phase) ? { ...state, phase: "training" } : state;
    case "ask-to-stop":
      return isTraining(state) ? { ...state, phase: "stopping" } : state;
    case "ask-to-load":
      return without({ ...state, phase: "loading" }, "load");
    case "refuse":
      return { ...state, problems: { ...state.problems, [event.doing]: event.sentence } };
    case "dismiss":
      return without(state, event.doing);
    case "break":
      return { ...state, phase: "broken" };
    default:
      return afterReply(state, event);
  }
}

function afterReply(state: MoleculesState, reply: MoleculeReply): MoleculesState {
  switch (reply.kind) {
    case "ready":
      return { ...state, phase: "ready", compounds: reply.compounds };
    case "listed":
      return reply.list === state.list ? { ...state, ...joined(state.written, reply) } : state;
    case "drawn": {
      if (reply.list !== state.list) return state;
      const drawn = reply.drawings.map(
        ({ place, svg }) => [state.written.molecules[place]?.smiles ?? "", svg] as const,
      );
      return { ...state, drawings: new Map([...state.drawings, ...drawn]) };
    }
    case "predicted": {
      if (reply.list !== state.list) return state;
      const byPlace = new Map(reply.predictions.map((prediction) => [prediction.place, prediction]));
      const rows = state.rows.map((row) => ({ ...row, prediction: byPlace.get(row.place) }));
      return { ...state, facts: reply.facts, rows };
    }
    case "table": {
      const { kind: _, ...table } = reply;
      return without({ ...state, table }, "table");
    }
    case "training":
      return {
        ...state,
        phase: state.phase === "preparing" ? "training" : state.phase,
        trainedOn: reply.molecules,
        facts: reply.facts,
        rows: state.rows.map((row) => ({ ...row, prediction: undefined })),
      };
    case "progress":
      return { ...state, curve: [...state.curve, reply.progress] };
    case "paused":
      return state.phase === "pausing" ? { ...state, phase: "paused" } : state;
    case "trained":
    case "loaded":
      return { ...state, phase: "ready", model: reply.model, facts: reply.model };
    case "stopped":
      return { ...state, phase: "ready", facts: state.model, endedEarly: true };
    case "saved":
      return without(state, "save");
    case "failed":
      return {
        ...state,
        phase: ["train", "load"].includes(reply.doing) ? "ready" : state.phase,
        problems: { ...state.problems, [reply.doing]: reply.sentence },
      };
  }
}

/** What was read of the list, beside what was written. */
function joined(
  { molecules: written }: WrittenList,
  { molecules, unread }: Extract<MoleculeReply, { kind: "listed" }>,
): Pick<MoleculesState, "rows" | "unread"> {
  return {
    rows: molecules.flatMap((molecule) => {
      const asWritten = written[molecule.place];
      return asWritten === undefined ? [] : [{ ...asWritten, ...molecule, prediction: undefined }];
    }),
    unread: unread.flatMap(({ place, smiles, reason }) => {
      const asWritten = written[place];
      return asWritten === undefined ? [] : [{ line: asWritten.line, smiles, reason }];
    }),
  };
}

function without(state: MoleculesState, doing: Undertaking): MoleculesState {
  const { [doing]: _, ...problems } = state.problems;
  return { ...state, problems };
}
