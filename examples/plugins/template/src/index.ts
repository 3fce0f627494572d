import { definePlugin } from "@vicinal/core";
import { gaussian } from "./gaussian.ts";

export { type GaussianOptions, gaussian } from "./gaussian.ts";

/** What this package adds: replace the score by your own, or add layers, normalizers, engines. */
export const templatePlugin = definePlugin({
  name: "@vicinal/example-plugin-template",
  version: "0.1.0",
  needs: { "@vicinal/core": "^0.1.0" },
  scores: { gaussian },
});
