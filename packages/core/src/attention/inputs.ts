import { OptionError, ShapeError } from "../errors.ts";
import { checkProbability } from "../tensor/dropout.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import type { PositionBias } from "./position/position-bias.ts";
import { type ParameterRanks, parameterShape, type Score } from "./score/score.ts";

/** What attention reads. */
export interface AttendInputs {
  /** Of the elements that attend, `[receivers, heads, channels]`. */
  readonly query: Tensor;
  /** Of the elements that are attended to, `[senders, heads, channels]`. */
  readonly key: Tensor;
  /** What is summed, `[senders, heads, valueChannels]`. */
  readonly value: Tensor;
  /** Of each pair, in the order of the neighborhood's positions: `[edges, heads, channels]` or `[edges, heads]`, as the score declares. */
  readonly edge?: Tensor | undefined;
}

/** The choices that make a mechanism. */
export interface AttendOptions<Parameters extends ParameterRanks> {
  /** How relevant a sender is to a receiver. */
  readonly score: Score<Parameters>;
  /** The score's parameters by name: `[heads, channels]` for a vector, `[heads]` for a scalar, `[heads, channels, channels]` for a matrix. */
  readonly parameters: { readonly [Name in keyof Parameters]: Tensor };
  /** Default: softmax. */
  readonly normalizer?: Normalizer | undefined;
  /** Terms added to the logits, by where the two of a pair stand. Default: none. */
  readonly bias?: readonly PositionBias[] | undefined;
  /** The probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number | undefined;
  /**
   * Given while training: what dropout and sampling draw from, a 32-bit number. Default: none, as in evaluation, where nothing is dropped, nothing is
   * drawn, and the answer is the same every time.
   */
  readonly seed?: number | undefined;
}

/** Attention with its weights. */
export interface Attention {
  /** `[receivers, heads, valueChannels]`. */
  readonly output: Tensor;
  /** `[edges, heads]` in the order of the neighborhood's positions, before dropout. */
  readonly weights: Tensor;
  /** Of what was drawn, the logarithm of the probability, `[receivers, heads]`; undefined unless the normalizer draws and `seed` was given. */
  readonly logProbability?: Tensor;
}

/** Refuses inputs and options that do not fit each other or the neighborhood, before anything is computed. */
export function checkInputs<Parameters extends ParameterRanks>(
  { receivers, senders, edges }: Neighborhood,
  { query, key, value, edge }: AttendInputs,
  { score, parameters, dropout = 0 }: AttendOptions<Parameters>,
): void {
  const [, heads = 0, channels = 0] = query.shape;
  const [, , valueChannels = 0] = value.shape;
  expectShape("query", query, [receivers, heads, channels]);
  expectShape("key", key, [senders, heads, channels]);
  expectShape("value", value, [senders, heads, valueChannels]);
  const named = Object.entries<Tensor>(parameters);
  for (const [name, tensor] of named) {
    const rank = score.parameters[name];
    if (rank === undefined) {
      throw new OptionError(
        "unexpected-input",
        `attend: got the parameter "${name}"; the score "${score.name}" has none of that name.`,
      );
    }
    expectShape(name, tensor, parameterShape(rank, { heads, channels }));
  }
  for (const name of Object.keys(score.parameters)) {
    if (!named.some(([given]) => given === name)) {
      throw new OptionError("missing-input", `attend: got no parameter "${name}"; the score "${score.name}" needs it.`);
    }
  }
  if ((edge === undefined) !== (score.edge === "none")) {
    throw new OptionError(
      edge === undefined ? "missing-input" : "unexpected-input",
      `attend: got ${edge === undefined ? "no " : "an "}edge; the score "${score.name}" ${edge === undefined ? "needs" : "takes none"}` +
        `${edge === undefined ? ` one, a ${score.edge}` : ""}.`,
    );
  }
  if (edge !== undefined)
    expectShape("edge", edge, score.edge === "vector" ? [edges, heads, channels] : [edges, heads]);
  checkProbability("attend", dropout);
}

function expectShape(name: string, { shape }: Tensor, expected: readonly number[]): void {
  if (shape.length === expected.length && shape.every((length, d) => length === expected[d])) return;
  throw new ShapeError(
    "shapes-differ",
    `attend: got ${name} of shape [${shape.join(", ")}]; expected [${expected.join(", ")}]. Receivers, senders and edges follow from the ` +
      "neighborhood, heads and channels from the query.",
  );
}
