// The module of attention in tiles, over runs of senders.

export { denseAttention, denseAttentionScratchBytes } from "./dense-attention";
export { denseAttentionQueryGradient } from "./dense-attention-query";
export { denseAttentionSenderGradients } from "./dense-attention-senders";
