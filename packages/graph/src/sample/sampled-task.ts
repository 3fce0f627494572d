import type { Engine } from "@vicinal/core";
import type { LayeredModel } from "../models/layered-model.ts";
import type { NodeTargets, PreparedNodeData } from "../tasks/node-targets.ts";
import type { SettledSampling } from "../tasks/sampling-options.ts";
import type { TrainingTask } from "../train/fit.ts";
import { ChunkedLearning } from "./chunked-learning.ts";
import { ClusterSteps } from "./cluster-steps.ts";
import { SampledSteps } from "./sampled-steps.ts";

/** Learning from a part of the graph a step, as the sampling says. */
export function sampledTask(
  model: LayeredModel,
  data: PreparedNodeData,
  targets: NodeTargets,
  options: SettledSampling & { readonly seed: number; readonly engine: Engine | undefined },
): TrainingTask {
  const steps =
    options.kind === "neighbors"
      ? new SampledSteps(model, data, targets, options)
      : new ClusterSteps(model, data, targets, options);
  return new ChunkedLearning(model, data, targets, steps, options.engine);
}
