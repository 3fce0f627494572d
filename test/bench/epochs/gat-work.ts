import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { glorotUniform, Random } from "@vicinal/core";

/**
 * Training the network of the GAT paper (Veličković et al., ICLR 2018, section 3.3) on the labels of nodes: `heads` x `channels` side by
 * side, ELU, and one head that gives the classes; cross-entropy of the training nodes; Adam with weight decay added to the gradient.
 */
export interface GatWork {
  readonly nodes: number;
  /** Width of the input. */
  readonly features: number;
  readonly classes: number;
  readonly heads: number;
  readonly channels: number;
  /** Probability with which inputs of both layers and attention weights are dropped in the epochs that are timed; never in the answer. */
  readonly dropout: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** The arrays of numbers, by the name of their file, without its ending. */
export interface GatFloats {
  /** Of the stored features, row after row. */
  readonly featureValues: Float32Array;
  /** `[heads * channels, features]`. */
  readonly weight1: Float32Array;
  /** `[heads, channels]`, for the sender. */
  readonly source1: Float32Array;
  /** `[heads, channels]`, for the receiver. */
  readonly target1: Float32Array;
  /** `[heads * channels]`. */
  readonly bias1: Float32Array;
  /** `[classes, heads * channels]`. */
  readonly weight2: Float32Array;
  /** `[1, classes]`. */
  readonly source2: Float32Array;
  /** `[1, classes]`. */
  readonly target2: Float32Array;
  /** `[classes]`. */
  readonly bias2: Float32Array;
}

/** The arrays of indices, by the name of their file, without its ending. */
export interface GatIndices {
  /** Row starts of the stored features, `[nodes + 1]`. */
  readonly featureOffsets: Uint32Array;
  /** Column of each stored feature. */
  readonly featureColumns: Uint32Array;
  /** Row starts of the edges by receiver, `[nodes + 1]`. */
  readonly offsets: Uint32Array;
  /** Sender of each edge: every node once among its own senders, as the layer would add it. */
  readonly senders: Uint32Array;
  /** Class of each node, `[nodes]`. */
  readonly labels: Uint32Array;
  /** The nodes whose labels are learned, ascending. */
  readonly training: Uint32Array;
}

/** What every contestant reads. */
export interface GatProblem {
  readonly work: GatWork;
  readonly floats: GatFloats;
  readonly indices: GatIndices;
}

/** The first values of the parameters, as PyTorch Geometric draws them. */
export type GatParameters = Omit<GatFloats, "featureValues">;

/** The names of the parameters: the files `weight1.f32` and so on. */
export const gatParameterNames = [
  "weight1",
  "source1",
  "target1",
  "bias1",
  "weight2",
  "source2",
  "target2",
  "bias2",
] as const satisfies readonly (keyof GatParameters)[];

const indexNames = [
  "featureOffsets",
  "featureColumns",
  "offsets",
  "senders",
  "labels",
  "training",
] as const satisfies readonly (keyof GatIndices)[];

/**
 * The files of an answer, without their ending `.f32`, both computed without dropout: `losses`, the two losses before and after one step
 * from the parameters that were read, and `dweight1`, the gradient of the first layer's weight before it, `[heads * channels, features]`.
 */
export const gatAnswers = ["losses", "dweight1"] as const;

/** Shapes of the parameters. */
export function gatShapes({ features, classes, heads, channels }: GatWork) {
  const hidden = heads * channels;
  return {
    weight1: [hidden, features],
    source1: [heads, channels],
    target1: [heads, channels],
    bias1: [hidden],
    weight2: [classes, hidden],
    source2: [1, classes],
    target2: [1, classes],
    bias2: [classes],
  } as const satisfies Record<keyof GatParameters, readonly number[]>;
}

/** First values of the parameters: uniform as Glorot and Bengio (2010) have them, biases zero. */
export function drawGatParameters(work: GatWork, seed: number): GatParameters {
  const random = new Random(seed);
  const { heads, channels, features, classes } = work;
  const hidden = heads * channels;
  const draw = (shape: readonly number[], fanIn: number, fanOut: number): Float32Array =>
    Float32Array.from(glorotUniform(random, [...shape], fanIn, fanOut));
  const shapes = gatShapes(work);
  return {
    weight1: draw(shapes.weight1, features, hidden),
    source1: draw(shapes.source1, heads, channels),
    target1: draw(shapes.target1, heads, channels),
    bias1: new Float32Array(hidden),
    weight2: draw(shapes.weight2, hidden, classes),
    source2: draw(shapes.source2, 1, classes),
    target2: draw(shapes.target2, 1, classes),
    bias2: new Float32Array(classes),
  };
}

/** Writes what the contestants read: `work.json`, floats as `NAME.f32`, indices as `NAME.u32`. */
export async function writeGatProblem(folder: string, { work, floats, indices }: GatProblem): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "work.json"), JSON.stringify(work));
  for (const [name, values] of Object.entries(floats)) await writeFile(join(folder, `${name}.f32`), values);
  for (const name of indexNames) await writeFile(join(folder, `${name}.u32`), indices[name]);
}

/** What {@link writeGatProblem} wrote. */
export function readGatProblem(folder: string): GatProblem {
  const bytes = (name: string): ArrayBuffer => Uint8Array.from(readFileSync(join(folder, name))).buffer;
  const floats = (name: string): Float32Array => new Float32Array(bytes(`${name}.f32`));
  const indices = (name: string): Uint32Array => new Uint32Array(bytes(`${name}.u32`));
  return {
    work: readGatWork(readFileSync(join(folder, "work.json"), "utf8")),
    floats: {
      featureValues: floats("featureValues"),
      weight1: floats("weight1"),
      source1: floats("source1"),
      target1: floats("target1"),
      bias1: floats("bias1"),
      weight2: floats("weight2"),
      source2: floats("source2"),
      target2: floats("target2"),
      bias2: floats("bias2"),
    },
    indices: {
      featureOffsets: indices("featureOffsets"),
      featureColumns: indices("featureColumns"),
      offsets: indices("offsets"),
      senders: indices("senders"),
      labels: indices("labels"),
      training: indices("training"),
    },
  };
}

function readGatWork(text: string): GatWork {
  const parsed: unknown = JSON.parse(text);
  const number = (name: keyof GatWork): number => {
    const fields = typeof parsed === "object" && parsed !== null ? new Map(Object.entries(parsed)) : new Map();
    const value: unknown = fields.get(name);
    if (typeof value !== "number") throw new Error(`work.json: got ${String(value)} for ${name}; expected a number.`);
    return value;
  };
  return {
    nodes: number("nodes"),
    features: number("features"),
    classes: number("classes"),
    heads: number("heads"),
    channels: number("channels"),
    dropout: number("dropout"),
    learningRate: number("learningRate"),
    weightDecay: number("weightDecay"),
  };
}

/** The features with zeros between, `[nodes, features]`, for programs that know no sparse product. */
export function denseFeatures({ work, floats, indices }: GatProblem): Float32Array<ArrayBuffer> {
  const dense = new Float32Array(work.nodes * work.features);
  for (let node = 0; node < work.nodes; node++) {
    for (let p = indices.featureOffsets[node]!; p < indices.featureOffsets[node + 1]!; p++) {
      dense[node * work.features + indices.featureColumns[p]!] = floats.featureValues[p]!;
    }
  }
  return dense;
}

/** Receiver of each edge, beside `senders`. */
export function receiversOf({ offsets, senders }: GatIndices): Uint32Array {
  const receivers = new Uint32Array(senders.length);
  for (let node = 0; node + 1 < offsets.length; node++) receivers.fill(node, offsets[node]!, offsets[node + 1]!);
  return receivers;
}
