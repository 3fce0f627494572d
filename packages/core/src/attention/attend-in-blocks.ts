import type { Tensor } from "../tensor/tensor.ts";
import { attendEdges, type Mechanism, symbolsOf } from "./attend-edges.ts";
import { type Block, type BlockInput, inBlocks } from "./blocks.ts";
import type { AttendInputs } from "./inputs.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import type { EdgePath } from "./path.ts";
import { PositionBias } from "./position/position-bias.ts";

/** Attention over pairs that are listed for one block of receivers after the other. */
export function attendInBlocks(
  path: EdgePath,
  neighborhood: Neighborhood,
  { query, key, value, edge }: AttendInputs,
  mechanism: Mechanism,
  pairsPerBlock: number,
): Tensor {
  const { plan, seed } = mechanism;
  const parameters = Object.entries(mechanism.parameters);
  const tables = mechanism.bias.map((bias) => bias.table(query));
  const inputs: readonly BlockInput[] = [
    { tensor: query, rows: "receivers" },
    { tensor: key, rows: "all" },
    { tensor: value, rows: "all" },
    ...parameters.map(([, tensor]): BlockInput => ({ tensor, rows: "all" })),
    ...tables.map((tensor): BlockInput => ({ tensor, rows: tensor.shape.length === 3 ? "receivers" : "all" })),
    ...(edge === undefined ? [] : [{ tensor: edge, rows: "edges" } as const]),
  ];
  const compute = ({ edges, firstReceiver, inputs: parts, seed: ofBlock }: Block): Tensor => {
    const rest = parts.slice(3);
    const [ofParameters, ofTables] = [rest.splice(0, parameters.length), rest.splice(0, tables.length)];
    const mine: Mechanism = {
      ...mechanism,
      seed: ofBlock,
      parameters: Object.fromEntries(parameters.map(([name], k) => [name, ofParameters[k]!])),
      bias: mechanism.bias.map((bias, k) => new PositionBias({ ...bias, table: () => ofTables[k]! })),
    };
    const given = { query: parts[0]!, key: parts[1]!, value: parts[2]!, edge: rest[0] };
    return attendEdges(path, edges, given.value, symbolsOf(given, mine, edges, firstReceiver), mine);
  };
  return inBlocks({
    name: "attend in blocks",
    neighborhood,
    inputs,
    shape: [neighborhood.receivers, plan.heads, plan.valueChannels],
    seed,
    pairsPerBlock,
    compute,
  });
}
