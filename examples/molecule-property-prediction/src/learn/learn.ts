import type { Split } from "@vicinal/datasets";
import {
  type AttendedGraphAnswers,
  type GraphPredictorOptions,
  type GraphProgress,
  type TrainedGraphPredictor,
  trainGraphPredictor,
} from "@vicinal/graph";
import { type MoleculeFeatures, moleculeCollection } from "@vicinal/molecules";
import type { MoleculeInput } from "../input/molecule-input.ts";

/** Trained networks, and what they say of every molecule, also of those that they were trained on. */
export interface Learned {
  readonly trained: TrainedGraphPredictor;
  readonly answers: AttendedGraphAnswers;
}

/** How networks are trained; what is undefined is left to `trainGraphPredictor`. */
export interface LearningOptions {
  readonly model: GraphPredictorOptions["model"];
  readonly features: MoleculeFeatures;
  readonly hidden: number | undefined;
  readonly epochs: number | undefined;
  readonly ensemble: number;
  readonly seed: number;
}

/** Trains networks on one part of the molecules and asks them about all. */
export async function learn(
  input: MoleculeInput,
  split: Split,
  { features, ...options }: LearningOptions,
  onProgress: (progress: GraphProgress) => void,
): Promise<Learned> {
  const { collection } = moleculeCollection(input.molecules, { features });
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const { task, targets } = input;
  const trained = await trainGraphPredictor({ collection, targets, split }, { task, ...given, onProgress });
  return { trained, answers: await trained.predictor.detailed(collection) };
}
