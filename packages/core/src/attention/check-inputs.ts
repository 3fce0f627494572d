import { OptionError } from "../errors.ts";
import { expectShape } from "../expect-shape.ts";
import { checkProbability } from "../tensor/dropout.ts";
import type { Shape } from "../tensor/shapes.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { AttendInputs, AttendOptions } from "./inputs.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import { type ParameterRanks, parameterShape } from "./score/score.ts";

/** Refuses inputs and options that do not fit each other or the neighborhood, before anything is computed. */
export function checkInputs<Parameters extends ParameterRanks>(
  { receivers, senders, edges }: Neighborhood,
  { query, key, value, edge }: AttendInputs,
  { score, parameters, dropout = 0 }: AttendOptions<Parameters>,
): void {
  const [, heads = 0, channels = 0] = query.shape;
  const [, , valueChannels = 0] = value.shape;
  expectInput("query", query, [receivers, heads, channels]);
  expectInput("key", key, [senders, heads, channels]);
  expectInput("value", value, [senders, heads, valueChannels]);
  const named = Object.entries<Tensor>(parameters);
  for (const [name, tensor] of named) {
    const rank = score.parameters[name];
    if (rank === undefined) {
      throw new OptionError(
        "unexpected-input",
        `attend: got the parameter "${name}"; the score "${score.name}" has none of that name.`,
      );
    }
    expectInput(name, tensor, parameterShape(rank, { heads, channels }));
  }
  for (const name of Object.keys(score.parameters)) {
    if (!named.some(([given]) => given === name)) {
      throw new OptionError("missing-input", `attend: got no parameter "${name}"; the score "${score.name}" needs it.`);
    }
  }
  if (edge === undefined) {
    if (score.edge !== "none") {
      throw new OptionError(
        "missing-input",
        `attend: got no edge; the score "${score.name}" needs one, a ${score.edge}.`,
      );
    }
  } else {
    if (score.edge === "none") {
      throw new OptionError("unexpected-input", `attend: got an edge; the score "${score.name}" takes none.`);
    }
    expectInput("edge", edge, [edges, ...parameterShape(score.edge, { heads, channels })]);
  }
  checkProbability("attend", dropout);
}

function expectInput(name: string, tensor: Tensor, expected: Shape): void {
  const why = ". Receivers, senders and edges follow from the neighborhood, heads and channels from the query";
  expectShape("attend", name, tensor, expected, why);
}
