import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { glorotUniform, Random } from "@vicinal/core";
import * as z from "zod";

const count = z.int().positive();

const workSchema = z.strictObject({
  /** Width of the features of atoms. */
  atomWidth: count,
  /** Width of the features of bonds. */
  bondWidth: count,
  hidden: count,
  layers: count,
  steps: count,
  /** In the epochs that are timed; never in the answer. */
  dropout: z.number(),
  learningRate: z.number(),
  weightDecay: z.number(),
  /** The most graphs of a step. */
  batchSize: count,
});

/** Training AttentiveFP (Xiong et al., J. Med. Chem. 2020) on one number of each molecule, in batches that are drawn anew in each epoch. */
export type AttentiveFPWork = z.output<typeof workSchema>;

/** What every contestant reads: the molecules of the training part as one graph, and the first weights. */
export interface AttentiveFPProblem {
  readonly work: AttentiveFPWork;
  /** `[atoms, atomWidth]`. */
  readonly atoms: Float32Array;
  /** `[bonds, bondWidth]`: two for a chemical bond, one in each direction, sorted by receiver. */
  readonly bonds: Float32Array;
  /** One number a molecule, standardized. */
  readonly targets: Float32Array;
  /** The first atom of each molecule, and the count of all. */
  readonly atomStarts: Uint32Array;
  /** Row starts of the bonds by receiver. */
  readonly offsets: Uint32Array;
  /** The atom that each bond comes from. */
  readonly senders: Uint32Array;
  /** By the names that PyTorch gives them. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

const floatNames = ["atoms", "bonds", "targets"] as const;
const indexNames = ["atomStarts", "offsets", "senders"] as const;

/** Shapes of the parameters, by the names that PyTorch Geometric gives them. */
export function attentiveFPShapes(work: AttentiveFPWork): ReadonlyMap<string, readonly number[]> {
  const { atomWidth, bondWidth, hidden, layers } = work;
  const gru = (prefix: string): [string, readonly number[]][] => [
    [`${prefix}.weight_ih`, [3 * hidden, hidden]],
    [`${prefix}.weight_hh`, [3 * hidden, hidden]],
    [`${prefix}.bias_ih`, [3 * hidden]],
    [`${prefix}.bias_hh`, [3 * hidden]],
  ];
  const gat = (prefix: string): [string, readonly number[]][] => [
    [`${prefix}.lin.weight`, [hidden, hidden]],
    [`${prefix}.att_src`, [1, hidden]],
    [`${prefix}.att_dst`, [1, hidden]],
    [`${prefix}.bias`, [hidden]],
  ];
  const further = Array.from({ length: layers - 1 }, (_, k) => [...gat(`atom_convs.${k}`), ...gru(`atom_grus.${k}`)]);
  return new Map([
    ["lin1.weight", [hidden, atomWidth]],
    ["lin1.bias", [hidden]],
    ["gate_conv.att_l", [1, hidden]],
    ["gate_conv.att_r", [1, hidden]],
    ["gate_conv.lin1.weight", [hidden, hidden + bondWidth]],
    ["gate_conv.lin2.weight", [hidden, hidden]],
    ["gate_conv.bias", [hidden]],
    ...gru("gru"),
    ...further.flat(),
    ...gat("mol_conv"),
    ...gru("mol_gru"),
    ["lin2.weight", [1, hidden]],
    ["lin2.bias", [1]],
  ]);
}

/** First values of the parameters: uniform as Glorot and Bengio (2010) have them, biases zero. */
export function drawAttentiveFP(work: AttentiveFPWork, seed: number): ReadonlyMap<string, Float32Array> {
  const random = new Random(seed);
  const drawn = [...attentiveFPShapes(work)].map(([name, shape]): [string, Float32Array] => {
    const [rows = 1, columns] = shape;
    if (columns === undefined) return [name, new Float32Array(rows)];
    return [name, Float32Array.from(glorotUniform(random, [...shape], columns, rows))];
  });
  return new Map(drawn);
}

/**
 * Softmax does not see a number that is added to all logits of a molecule, and from these first weights the leaky ReLU is on one side of its kink
 * for all its atoms: of this gradient nothing is left but rounding.
 */
const vanishing = "mol_conv.att_dst";

/** The files of an answer, without their ending: the loss of the first batch without dropout, and the gradients of the parameters. */
export function attentiveFPAnswers(work: AttentiveFPWork): readonly string[] {
  const names = [...attentiveFPShapes(work).keys()].filter((name) => name !== vanishing);
  return ["loss", ...names.map((name) => `d${name}`)];
}

/** Writes what the contestants read: `work.json`, floats as `NAME.f32`, indices as `NAME.u32`. */
export async function writeAttentiveFP(folder: string, problem: AttentiveFPProblem): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "work.json"), JSON.stringify(problem.work));
  for (const name of floatNames) await writeFile(join(folder, `${name}.f32`), problem[name]);
  for (const name of indexNames) await writeFile(join(folder, `${name}.u32`), problem[name]);
  for (const [name, values] of problem.parameters) await writeFile(join(folder, `${name}.f32`), values);
}

/** What {@link writeAttentiveFP} wrote. */
export function readAttentiveFP(folder: string): AttentiveFPProblem {
  const bytes = (name: string): ArrayBuffer => Uint8Array.from(readFileSync(join(folder, name))).buffer;
  const floats = (name: string): Float32Array => new Float32Array(bytes(`${name}.f32`));
  const indices = (name: string): Uint32Array => new Uint32Array(bytes(`${name}.u32`));
  const work = workSchema.parse(JSON.parse(readFileSync(join(folder, "work.json"), "utf8")));
  return {
    work,
    atoms: floats("atoms"),
    bonds: floats("bonds"),
    targets: floats("targets"),
    atomStarts: indices("atomStarts"),
    offsets: indices("offsets"),
    senders: indices("senders"),
    parameters: new Map([...attentiveFPShapes(work).keys()].map((name) => [name, floats(name)])),
  };
}
