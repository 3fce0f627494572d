import { VicinalError } from "@vicinal/core";
import { GraphCollection } from "@vicinal/graph";
import {
  type Molecule,
  type MoleculeFeatures,
  moleculeFromSmiles,
  moleculeParts,
  moleculeSvg,
} from "@vicinal/molecules";
import { type ReadList, readList } from "./chemistry/read-molecules.ts";
import { heldOutScores } from "./learning/held-out-scores.ts";
import { type MoleculeModel, readModelFile, writeModelFile } from "./learning/model-file.ts";
import { type TrainedNetworks, trainNetworks } from "./learning/train-networks.ts";
import { TrainingControl } from "./learning/training-control.ts";
import {
  computedLogP,
  embeddedData,
  type KnownOfMolecule,
  logPOf,
  type TrainingData,
  tableData,
} from "./learning/training-data.ts";
import { PageProblem, problem } from "./page-problem.ts";
import type {
  Drawing,
  ModelSummary,
  MoleculeReply,
  MoleculeRequest,
  Prediction,
  TrainingProgress,
  TrainingSettings,
  TrainingSource,
  Undertaking,
} from "./protocol.ts";
import { guessColumns, readTrainingTable, type TrainingTable, targetsOf } from "./table/training-table.ts";

/** Size of a drawing, in pixels: it is scaled to where it stands. */
const drawingSize = { width: 260, height: 180 };

/** While training, predictions are made anew this often, in milliseconds, and take at most this share of the time. */
const predictedEvery = 1000;
const shareOfPredictions = 0.2;

/** What the page's molecules are predicted with. */
interface Predicting extends MoleculeModel {
  readonly about: (molecule: Molecule) => KnownOfMolecule;
}

/** All that the worker holds: the molecules of the page, a table, a model, and a training that goes on. It answers requests in the order of their coming. */
export class MoleculeSession {
  readonly #post: (reply: MoleculeReply) => void;
  readonly #embedded: readonly string[];
  #list: ReadList & { readonly number: number } = { number: 0, ...readList([]) };
  #table: { readonly name: string; readonly table: TrainingTable } | undefined;
  #model: Predicting | undefined;
  /** What predicts while training: the networks that are being trained. */
  #learning: Predicting | undefined;
  #control: TrainingControl | undefined;
  /** While training, predictions are made anew from this time on. */
  #predictAgain = 0;

  /** @param embedded SMILES of the list that comes with the page. */
  constructor(post: (reply: MoleculeReply) => void, embedded: readonly string[]) {
    this.#post = post;
    this.#embedded = embedded;
    post({ kind: "ready", compounds: embedded.length });
  }

  /** Does what is asked. What goes wrong is answered, never thrown. */
  async handle(request: MoleculeRequest): Promise<void> {
    try {
      await this.#answer(request);
    } catch (error) {
      this.#post({ kind: "failed", doing: undertakingOf(request), sentence: sentenceOf(error) });
    }
  }

  async #answer(request: MoleculeRequest): Promise<void> {
    switch (request.kind) {
      case "list":
        return this.#readList(request.list, request.smiles);
      case "draw":
        return this.#draw(request.list, request.places);
      case "table":
        return this.#readTable(request.name, request.text);
      case "train":
        return this.#train(request.source, request.settings);
      case "pause":
        return this.#control?.pause();
      case "resume":
        return this.#control?.resume();
      case "stop":
        return this.#control?.stop();
      case "load":
        return this.#load(request.name, request.bytes);
      case "save":
        return this.#save();
    }
  }

  async #readList(number: number, smiles: readonly string[]): Promise<void> {
    this.#list = { number, ...readList(smiles) };
    const { molecules, places, unread } = this.#list;
    this.#post({
      kind: "listed",
      list: number,
      molecules: molecules.map(({ formula, atoms }, k) => ({
        place: places[k]!,
        formula,
        elements: atoms.map(({ element }) => element),
      })),
      unread,
    });
    await this.#predict();
  }

  #draw(number: number, wanted: readonly number[]): void {
    const { molecules, places } = this.#list;
    if (number !== this.#list.number) return;
    const drawings = wanted.flatMap((place): Drawing[] => {
      const molecule = molecules[places.indexOf(place)];
      if (molecule === undefined) return [];
      // A disc behind each atom, which the page colours by attention.
      return [{ place, svg: moleculeSvg(molecule, { ...drawingSize, atomWeights: molecule.atoms.map(() => 1) }) }];
    });
    this.#post({ kind: "drawn", list: number, drawings });
  }

  #readTable(name: string, text: string): void {
    const table = readTrainingTable(text);
    this.#table = { name, table };
    const { columns, rows } = table;
    this.#post({ kind: "table", name, columns, rows: rows.length, guess: guessColumns(table) });
  }

  async #train(source: TrainingSource, settings: TrainingSettings): Promise<void> {
    if (this.#control !== undefined) throw problem("Networks are being trained already. Stop that first.");
    const control = new TrainingControl();
    this.#control = control;
    try {
      const data = this.#dataOf(source, settings.seed);
      const { facts } = data;
      const about = remembered(data.about);
      const trained = await trainNetworks(data, settings, control, {
        begun: (predictor) => {
          this.#predictAgain = 0;
          this.#learning = { predictor, facts, features: "attentive-fp", about };
          this.#post({ kind: "training", molecules: data.split.train.length, facts });
        },
        epoch: (progress) => this.#progress(progress),
        paused: () => this.#post({ kind: "paused" }),
      });
      this.#learning = undefined;
      if (trained === undefined) this.#post({ kind: "stopped" });
      else await this.#takeTrained({ ...data, about }, settings, trained);
    } finally {
      this.#learning = undefined;
      this.#control = undefined;
    }
    await this.#predict();
  }

  #dataOf(source: TrainingSource, seed: number): TrainingData {
    if (source.kind === "embedded") return embeddedData(this.#embedded, seed);
    if (this.#table === undefined) throw problem("Open a table first, or train on the list that comes with the page.");
    const { name, table } = this.#table;
    return tableData(name, source.columns, source.unit, targetsOf(table, source.columns), seed);
  }

  #progress(progress: TrainingProgress): void {
    this.#post({ kind: "progress", progress });
    if (performance.now() < this.#predictAgain) return;
    // Not waited for: training goes on while the molecules of the page are predicted between its steps.
    this.#predict().catch((error: unknown) => {
      this.#post({ kind: "failed", doing: "list", sentence: sentenceOf(error) });
    });
  }

  async #takeTrained(
    data: TrainingData,
    { networks, epochs: asked }: TrainingSettings,
    { predictor, epochs, seconds }: TrainedNetworks,
  ): Promise<void> {
    const { facts, split, unread } = data;
    const scores = await heldOutScores(predictor, data);
    this.#model = { predictor, facts, features: "attentive-fp", about: data.about };
    const molecules = split.train.length;
    this.#post({
      kind: "trained",
      model: {
        ...facts,
        networks,
        attends: true,
        from: { kind: "trained", epochs, stopped: epochs < asked, seconds, molecules, scores, unread },
      },
    });
  }

  async #load(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#control !== undefined) throw problem("Networks are being trained. Stop that first.");
    const model = readModelFile(name, bytes);
    const { facts, predictor, features } = model;
    const isLogP = facts.origin === "computed" && facts.targetNames[0] === computedLogP;
    this.#model = {
      ...model,
      about: remembered((molecule) => ({ known: isLogP ? logPOf(molecule) : undefined, part: undefined })),
    };
    const { attention } = await predictor.detailed(collectionOf([moleculeFromSmiles("C")], features));
    const summary: ModelSummary = {
      ...facts,
      networks: predictor.models.length,
      attends: attention !== undefined,
      from: { kind: "file", name },
    };
    this.#post({ kind: "loaded", model: summary });
    await this.#predict();
  }

  async #save(): Promise<void> {
    if (this.#model === undefined) throw problem("There is no model yet. Train one first.");
    this.#post({ kind: "saved", bytes: await writeModelFile(this.#model) });
  }

  async #predict(): Promise<void> {
    const predicting = this.#learning ?? this.#model;
    const { number, molecules, places } = this.#list;
    if (predicting === undefined || molecules.length === 0) return;
    const began = performance.now();
    this.#predictAgain = Number.POSITIVE_INFINITY;
    const predictions = await predictionsOf(predicting, molecules);
    const now = performance.now();
    this.#predictAgain = now + Math.max(predictedEvery, (now - began) / shareOfPredictions);
    // Another list may have come meanwhile, or another model: theirs are on their way.
    if (number !== this.#list.number || predicting !== (this.#learning ?? this.#model)) return;
    this.#post({
      kind: "predicted",
      list: number,
      facts: predicting.facts,
      predictions: predictions.map((prediction, k) => ({ ...prediction, place: places[k]! })),
    });
  }
}

function collectionOf(molecules: readonly Molecule[], features: MoleculeFeatures): GraphCollection {
  return new GraphCollection(molecules.map((molecule) => moleculeParts(molecule, features)));
}

/** The same answers, each found out once: what is known of a molecule takes longer to find than a prediction to make. */
function remembered(about: (molecule: Molecule) => KnownOfMolecule): (molecule: Molecule) => KnownOfMolecule {
  const answers = new WeakMap<Molecule, KnownOfMolecule>();
  return (molecule) => {
    const known = answers.get(molecule) ?? about(molecule);
    answers.set(molecule, known);
    return known;
  };
}

async function predictionsOf(
  { predictor, features, about }: Predicting,
  molecules: readonly Molecule[],
): Promise<Omit<Prediction, "place">[]> {
  const { width, values, uncertainty, attention } = await predictor.detailed(collectionOf(molecules, features));
  const row = (table: Float64Array, molecule: number): number[] => [
    ...table.subarray(molecule * width, (molecule + 1) * width),
  ];
  return molecules.map((molecule, k) => {
    const { known, part } = about(molecule);
    return {
      values: row(values, k),
      uncertainty: uncertainty && row(uncertainty, k),
      attention: attention && [...attention[k]!],
      known: Array.from({ length: width }, (_, target) => (target === 0 ? known : undefined)),
      part,
    };
  });
}

function undertakingOf({ kind }: MoleculeRequest): Undertaking {
  switch (kind) {
    case "list":
    case "draw":
      return "list";
    case "pause":
    case "resume":
    case "stop":
    case "train":
      return "train";
    default:
      return kind;
  }
}

/** What went wrong, for whoever reads the page. */
function sentenceOf(error: unknown): string {
  if (error instanceof PageProblem || error instanceof VicinalError) return error.message;
  return `Something went wrong that was not foreseen: ${error instanceof Error ? error.message : String(error)}`;
}
