// What labeling needs for some graphs and some wishes only, in one module that is imported when the first of it is needed: a page that needs none
// of it need not download it. One module and not one for each: what several share with the page, bundlers put into files apart.

export { GraphTransformer } from "./models/graph-transformer.ts";
export { attentionInChunks } from "./sample/attention-in-chunks.ts";
export { defaultChunks } from "./sample/chunked-inference.ts";
export { inferInChunks } from "./sample/infer-in-chunks.ts";
export { sampledTask } from "./sample/sampled-task.ts";
export { saveLabeling } from "./save/save-labeling.ts";
export { trainingSummary } from "./save/training-summary.ts";
export { checkHops, describeSampling, samplingForBytes, settledSampling } from "./tasks/sampling-options.ts";
