// All modules of kernels from one place, so that they stand beside each other in a bundle: much in them is alike, and gzip looks 32 kB back. A bundler still
// leaves out those that nothing uses.

export { denseAttentionModule } from "./dense-attention.generated.ts";
export { gatesModule } from "./gates.generated.ts";
export { instructionSet, kernelsModule } from "./kernels.generated.ts";
export { selectionModule } from "./selection.generated.ts";
