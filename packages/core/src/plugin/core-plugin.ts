import { entmax15, sparsemax } from "../attention/normalize/entmax.ts";
import { type HardOptions, hard } from "../attention/normalize/hard.ts";
import { reluNormalizer } from "../attention/normalize/relu.ts";
import { sigmoidNormalizer } from "../attention/normalize/sigmoid.ts";
import { softmaxNormalizer } from "../attention/normalize/softmax.ts";
import { alibi } from "../attention/position/alibi.ts";
import {
  clippedBuckets,
  type DistanceBuckets,
  type LogarithmicBucketsOptions,
  logarithmicBuckets,
} from "../attention/position/distance-buckets.ts";
import { LearnedPositions } from "../attention/position/learned-positions.ts";
import { RelativeBias } from "../attention/position/relative-bias.ts";
import { RelativeBias2d, type RelativeBias2dOptions } from "../attention/position/relative-bias-2d.ts";
import { RelativePosition2d, type RelativePosition2dOptions } from "../attention/position/relative-position-2d.ts";
import { type RotaryOptions, rotary } from "../attention/position/rotary.ts";
import { type SinusoidalOptions, sinusoidal } from "../attention/position/sinusoidal.ts";
import { additive, additiveWithEdge } from "../attention/score/additive.ts";
import { additiveTanh, bahdanau } from "../attention/score/additive-tanh.ts";
import { bilinear } from "../attention/score/bilinear.ts";
import { concatenation } from "../attention/score/concatenation.ts";
import { cosine, learnedCosine } from "../attention/score/cosine.ts";
import { dot } from "../attention/score/dot.ts";
import { lateAdditive, lateAdditiveWithEdge } from "../attention/score/late-additive.ts";
import { scaledDot } from "../attention/score/scaled-dot.ts";
import { type WithEdgeOptions, withEdge } from "../attention/score/with-edge.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { glorotUniform, uniform } from "../nn/initialize.ts";
import type { ParameterOptions } from "../nn/linear.ts";
import { LanguageModel, type LanguageModelOptions } from "../sequence/language-model.ts";
import { Seq2Seq, type Seq2SeqOptions } from "../sequence/seq2seq.ts";
import { SequenceClassifier, type SequenceClassifierOptions } from "../sequence/sequence-classifier.ts";
import { SequenceRegressor, type SequenceRegressorOptions } from "../sequence/sequence-regressor.ts";
import { SequenceTagger, type SequenceTaggerOptions } from "../sequence/sequence-tagger.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { coreIdentity } from "./core-identity.ts";
import { definePlugin } from "./define-plugin.ts";
import type { NamedScore } from "./named.ts";
import type { Initializer } from "./plugin-kinds.ts";
import type { OptionsOf } from "./registry.ts";

/** How distances share the rows of a table: clipped at a distance, or in buckets that grow with it. */
export type DistanceBucketsChoice = { readonly clipped: number } | { readonly logarithmic: LogarithmicBucketsOptions };

/** The scores that are made of no other one. */
const plainScores = {
  dot,
  "scaled-dot": scaledDot,
  cosine,
  "learned-cosine": learnedCosine,
  bilinear,
  "additive-tanh": additiveTanh,
  bahdanau,
  concatenation,
  additive,
  "additive-with-edge": additiveWithEdge,
  "late-additive": lateAdditive,
  "late-additive-with-edge": lateAdditiveWithEdge,
};

const normalizers = {
  softmax: softmaxNormalizer,
  sigmoid: sigmoidNormalizer,
  relu: reluNormalizer,
  sparsemax,
  entmax15,
  hard: (options: HardOptions) => hard(options),
};

/** A score of this package by name, with its options. */
export type BuiltInScore = {
  readonly [Name in keyof typeof plainScores]: {
    readonly score: Name;
    readonly scoreOptions?: OptionsOf<(typeof plainScores)[Name]>[0] | undefined;
  };
}[keyof typeof plainScores];

/** A normalizer of this package by name, with its options. */
export type BuiltInNormalizer = {
  readonly [Name in keyof typeof normalizers]: {
    readonly normalizer: Name;
    readonly normalizerOptions?: OptionsOf<(typeof normalizers)[Name]>[0] | undefined;
  };
}[keyof typeof normalizers];

/** The scores, normalizers, positions, engines and models of this package as a plug-in: what a registry is made with to know them by name. */
export const corePlugin = definePlugin({
  ...coreIdentity,
  reads: "*",
  scores: {
    ...plainScores,
    /** Another score by its name, with a term for the edge. */
    "with-edge": ({ score, scoreOptions, ...options }: (BuiltInScore | NamedScore) & WithEdgeOptions, registry) =>
      withEdge(registry.make("scores", score, scoreOptions), options),
  },
  normalizers,
  encodings: {
    sinusoidal:
      (options: SinusoidalOptions = {}) =>
      (positions: number | ArrayLike<number>, width: number): Tensor =>
        sinusoidal(positions, width, options),
    rotary:
      (options: RotaryOptions = {}) =>
      (x: Tensor, positions: ArrayLike<number>): Tensor =>
        rotary(x, positions, options),
    learned: ({
      maximum,
      width,
      ...options
    }: { readonly maximum: number; readonly width: number } & ParameterOptions) =>
      new LearnedPositions(maximum, width, options),
    alibi,
    relative: ({
      heads,
      distances,
      ...options
    }: { readonly heads: number; readonly distances: DistanceBucketsChoice } & ParameterOptions) =>
      new RelativeBias(heads, bucketsOf(distances), options),
    "relative-2d": ({ heads, ...options }: { readonly heads: number } & RelativeBias2dOptions) =>
      new RelativeBias2d(heads, options),
    "relative-position-2d": ({ channels, ...options }: { readonly channels: number } & RelativePosition2dOptions) =>
      new RelativePosition2d(channels, options),
  },
  initializers: {
    "glorot-uniform": (): Initializer => glorotUniform,
    uniform:
      ({ bound }: { readonly bound: number }): Initializer =>
      (random, shape) =>
        uniform(random, shape, bound),
  },
  engines: {
    wasm: () => createWasmEngine(),
  },
  models: {
    "language-model": (options: LanguageModelOptions) => new LanguageModel(options),
    seq2seq: (options: Seq2SeqOptions) => new Seq2Seq(options),
    "sequence-classifier": (options: SequenceClassifierOptions) => new SequenceClassifier(options),
    "sequence-regressor": (options: SequenceRegressorOptions) => new SequenceRegressor(options),
    "sequence-tagger": (options: SequenceTaggerOptions) => new SequenceTagger(options),
  },
});

function bucketsOf(choice: DistanceBucketsChoice): DistanceBuckets {
  return "clipped" in choice ? clippedBuckets(choice.clipped) : logarithmicBuckets(choice.logarithmic);
}
