// The module of attention in tiles, over runs of senders.

// First in every module, so that what their constants have in common is in one place.
import "./functions";
import "./elementwise";

export { denseAttention, denseAttentionScratchBytes } from "./dense-attention";
export { denseAttentionGradients } from "./dense-attention-gradients";
