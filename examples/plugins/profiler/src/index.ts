import { definePlugin, type Registry } from "@vicinal/core";
import { ProfilingEngine } from "./profiling-engine.ts";

export { KernelProfile, type KernelRecord } from "./kernel-profile.ts";
export { ProfilingEngine } from "./profiling-engine.ts";

/** An engine that writes down what every kernel takes, by the name `profiling`. */
export const profilerPlugin = definePlugin({
  name: "@vicinal/example-plugin-profiler",
  version: "0.1.0",
  needs: { "@vicinal/core": "^0.1.0" },
  engines: {
    /** `engine` is the name of the one that computes. Default `"wasm"`. */
    profiling: ({ engine = "wasm" }: { readonly engine?: string } = {}, registry: Registry) =>
      new ProfilingEngine(registry.make("engines", engine)),
  },
});
