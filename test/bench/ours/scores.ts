import {
  additive,
  additiveTanh,
  additiveWithEdge,
  bahdanau,
  bilinear,
  concatenation,
  cosine,
  defineScore,
  dot,
  lateAdditive,
  lateAdditiveWithEdge,
  learnedCosine,
  type Score,
  scaledDot,
} from "@vicinal/core";

/** Every score that is built in. */
export const builtInScores: readonly Score[] = [
  additive(),
  additiveWithEdge(),
  lateAdditive(),
  lateAdditiveWithEdge(),
  dot(),
  scaledDot(),
  cosine(),
  learnedCosine(),
  bilinear(),
  additiveTanh(),
  bahdanau(),
  concatenation(),
];

/** A score as a plug-in would define one: the nearer the two are, the more they have to say to each other. */
export const gaussian: Score = defineScore("gaussian", {
  parameters: { width: "scalar" },
  score: ({ query, key, width }) => query.subtract(key).square().sum().multiply(width.square()).negate(),
});
