import type { PluginIdentity } from "./registry.ts";

/** What saved models call the plug-in of this package. A module of its own, so that whoever names it does not load all that the plug-in has. */
export const coreIdentity = {
  name: "@vicinal/core",
  version: "0.1.0",
  install: "npm install @vicinal/core",
} as const satisfies PluginIdentity;
