import { Random } from "@vicinal/core";
import { GraphCollection } from "@vicinal/graph";
import { descriptors, type Molecule, type MoleculeSplit, moleculeParts, randomSplit } from "@vicinal/molecules";
import { firstOfEach, MoleculeIndex } from "../chemistry/molecule-index.ts";
import { readList } from "../chemistry/read-molecules.ts";
import { problem } from "../page-problem.ts";
import type { ModelFacts, Part, UnreadMolecule } from "../protocol.ts";
import type { TableColumns, TableTargets } from "../table/training-table.ts";

/** Molecules with what is to be learned of them. */
export interface TrainingData {
  readonly facts: ModelFacts;
  readonly collection: GraphCollection;
  /** `[molecules]`; NaN where it is not known. */
  readonly targets: Float64Array;
  readonly split: MoleculeSplit;
  /** Rows that hold no molecule. */
  readonly unread: readonly UnreadMolecule[];
  /** What is known of a molecule, and the part that it plays. */
  about(molecule: Molecule): KnownOfMolecule;
}

/** What {@link TrainingData.about} knows. */
export interface KnownOfMolecule {
  readonly known: number | undefined;
  readonly part: Part | undefined;
}

/** Of fewer known molecules none are held out: parts of them would be too small to tell anything. */
const fewestToHoldOut = 30;

/** The target of the embedded list, by which a model of it is known again. */
export const computedLogP = "computed logP";

/** openchemlib's estimate of logP. */
export function logPOf(molecule: Molecule): number {
  return descriptors(molecule).logP;
}

/** Well-known compounds with openchemlib's estimate of logP: numbers that are computed for any molecule, and that nobody measured. */
export function embeddedData(smiles: readonly string[], seed: number): TrainingData {
  const { molecules, unread } = readList(smiles);
  const data = dataOf(molecules, Float64Array.from(molecules, logPOf), seed, {
    title: "logP of well-known compounds, as openchemlib computes it",
    task: "regression",
    targetNames: [computedLogP],
    unit: "log units",
    origin: "computed",
  });
  return { ...data, unread, about: (molecule) => ({ ...data.about(molecule), known: logPOf(molecule) }) };
}

/** What a table says of its molecules. @throws PageProblem where there is nothing to learn from. */
export function tableData(
  name: string,
  { target }: TableColumns,
  unit: string,
  { smiles, targets, areAnswers }: TableTargets,
  seed: number,
): TrainingData {
  const { molecules, places, unread } = readList(smiles);
  const data = dataOf(
    molecules,
    Float64Array.from(places, (place) => targets[place]!),
    seed,
    {
      title: `${target} of ${name}`,
      task: areAnswers ? "multi-task" : "regression",
      targetNames: [target],
      unit: areAnswers ? "" : unit,
      origin: "measured",
    },
  );
  return { ...data, unread: unread.map((each) => ({ ...each, place: each.place + 1 })) };
}

function dataOf(
  molecules: readonly Molecule[],
  targets: Float64Array,
  seed: number,
  facts: ModelFacts,
): Omit<TrainingData, "unread"> {
  const known = Array.from(molecules.keys()).filter((number) => !Number.isNaN(targets[number]));
  if (known.length < 2) {
    throw problem(
      `${known.length === 0 ? "No molecule" : "One molecule only"} could be read with a number to learn; expected at least two. ` +
        "Is the column of SMILES the right one?",
    );
  }
  const first = firstOfEach(molecules);
  const split = heldOut(known, first, seed);
  const index = new MoleculeIndex();
  for (const number of known)
    if (first[number] === number || Number.isNaN(targets[first[number]!])) index.add(molecules[number]!, number);
  const partOf = new Map(
    (["train", "validation", "test"] as const).flatMap((part) => Array.from(split[part], (number) => [number, part])),
  );
  return {
    facts,
    collection: new GraphCollection(molecules.map((molecule) => moleculeParts(molecule))),
    targets,
    split,
    about(molecule) {
      const number = index.find(molecule);
      return number === undefined
        ? { known: undefined, part: undefined }
        : { known: targets[number], part: partOf.get(number) };
    },
  };
}

/** A tenth each to choose the epoch by and to measure on. A molecule that is listed twice is in one part. */
function heldOut(known: readonly number[], first: Uint32Array, seed: number): MoleculeSplit {
  const distinct = [...new Set(known.map((number) => first[number]!))];
  if (distinct.length < fewestToHoldOut) {
    return { train: Uint32Array.from(known), validation: new Uint32Array(), test: new Uint32Array() };
  }
  const drawn = randomSplit(distinct.length, { random: new Random(seed) });
  const part = (members: Uint32Array): Uint32Array => {
    const chosen = new Set(Array.from(members, (place) => distinct[place]!));
    return Uint32Array.from(known.filter((number) => chosen.has(first[number]!)));
  };
  return { train: part(drawn.train), validation: part(drawn.validation), test: part(drawn.test) };
}
