import * as z from "zod";
import { indices, name, readFixture, tensor, tensors, versions } from "./fixture-format.ts";

const count = z.int().positive();
const widths = z.array(count).min(2);

function readoutCase<Options extends z.ZodRawShape>(options: Options) {
  return z
    .strictObject({
      name,
      options: z.strictObject(options),
      /** The graph of each node. */
      index: indices,
      graphs: count,
      inputs: z.strictObject({ x: tensor }),
      parameters: tensors,
      output: tensor,
      upstream: tensor,
      gradients: z.strictObject({ inputs: z.strictObject({ x: tensor }), parameters: tensors }),
    })
    .refine(
      ({ index, graphs, inputs }) =>
        inputs.x.shape[0] === index.length && index.every((graph) => graph >= 0 && graph < graphs),
      "a node has no graph, or one that is not there",
    );
}

const pools = z.array(readoutCase({})).min(1);
const readouts = z.strictObject({
  versions,
  sum: pools,
  mean: pools,
  max: pools,
  attentional: z.array(readoutCase({ gateNn: widths, nn: z.nullable(widths) })).min(1),
  set2set: z.array(readoutCase({ inChannels: count, processingSteps: count })).min(1),
  setTransformer: z
    .array(readoutCase({ channels: count, numSeedPoints: count, heads: count, layerNorm: z.boolean() }))
    .min(1),
});

/** Every list of `readout.json`. */
export type ReadoutFixtures = z.output<typeof readouts>;

/**
 * Reads `readout.json`: what PyTorch Geometric's aggregations make of the nodes of each graph, in float64.
 *
 * @throws Error naming the field where the file is not well-formed.
 */
export function readoutFixtures(): ReadoutFixtures {
  return readFixture("readout.json", readouts);
}
