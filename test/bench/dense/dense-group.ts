import type { PeerGroup } from "../run/peer-group.ts";
import { denseAttentionPieces } from "./dense-attention-pieces.ts";
import { productPieces } from "./product-pieces.ts";

/** Work on dense matrices: the products of a layer and of its gradients, and self-attention where everyone attends to everyone. */
export const denseGroup: PeerGroup = {
  name: "dense",
  description: "Dense products beside what 128-bit SIMD can do at most; dense self-attention.",
  async pieces(setting) {
    return [...productPieces(setting), ...(await denseAttentionPieces(setting))];
  },
};
