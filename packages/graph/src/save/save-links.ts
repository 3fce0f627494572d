import { writeModels } from "@vicinal/core";
import type { LinkNetwork } from "../tasks/links/link-network.ts";

/** What the files of networks of links are for. */
export const linksPurpose = "links of a graph";

/**
 * A file with all that it takes to ask a network of links again. The keys of the nodes are one text: each a value of its own, they would be more values
 * than a configuration may have.
 *
 * @throws DataError `cannot-save`.
 */
export async function saveLinks(network: LinkNetwork, training: object): Promise<Uint8Array<ArrayBuffer>> {
  const { model, nodes, encoder, normalizeFeatures } = network;
  return writeModels({
    purpose: linksPurpose,
    models: [model],
    details: {
      nodes: JSON.stringify(nodes),
      features: encoder === undefined ? null : encoder.fitted,
      normalizeFeatures,
    },
    training,
  });
}
