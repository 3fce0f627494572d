import * as z from "zod";
import { indices, name, readFixture, sameShape, tensor, tensorOrNull, tensors, versions } from "./fixture-format.ts";

const count = z.int().positive();
const inputs = z.strictObject({ x: tensor, edgeAttr: tensorOrNull });

const attentiveFP = z.strictObject({
  versions,
  model: z.literal("AttentiveFP"),
  cases: z
    .array(
      z
        .strictObject({
          name,
          options: z.strictObject({
            inChannels: count,
            hiddenChannels: count,
            outChannels: count,
            edgeDim: z.int().nonnegative(),
            numLayers: count,
            numTimesteps: count,
          }),
          graph: z.strictObject({ nodes: count, sources: indices, targets: indices }),
          /** The graph of each node. */
          index: indices,
          graphs: count,
          inputs,
          parameters: tensors,
          output: tensor,
          upstream: tensor,
          gradients: z.strictObject({ inputs, parameters: tensors }),
        })
        .refine(
          ({ index, graphs, graph }) => index.length === graph.nodes && index.every((of) => of < graphs),
          "a node has no graph, or one that is not there",
        )
        .refine(
          ({ inputs: given, gradients }) =>
            sameShape(given.x, gradients.inputs.x) && sameShape(given.edgeAttr, gradients.inputs.edgeAttr),
          "an input and its gradient differ in shape",
        ),
    )
    .min(1),
});

/** One evaluated model in float64, with the gradients of `sum(output * upstream)`. */
export type AttentiveFPCase = z.output<typeof attentiveFP>["cases"][number];

/**
 * Reads `attentive-fp.json`: what PyTorch Geometric's `AttentiveFP` makes of batches of graphs, in float64.
 *
 * @throws Error naming the field where the file is not well-formed.
 */
export function attentiveFPCases(): readonly AttentiveFPCase[] {
  return readFixture("attentive-fp.json", attentiveFP).cases;
}
