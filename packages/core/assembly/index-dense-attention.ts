// The module of attention in tiles, over runs of senders.

export { denseAttention, denseAttentionScratchBytes } from "./dense-attention";
export { denseAttentionGradients } from "./dense-attention-gradients";
