import type { PluginIdentity } from "@vicinal/core";

/** What saved models call the plug-in of this package. A module of its own, so that a model that names it does not load all that the plug-in has. */
export const graphIdentity = {
  name: "@vicinal/graph",
  version: "0.1.0",
  install: "npm install @vicinal/graph",
} as const satisfies PluginIdentity;
