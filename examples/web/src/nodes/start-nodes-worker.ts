import type { Report } from "./protocol.ts";
import type { StartWorker } from "./store.ts";

/** Starts the worker that reads graphs and trains. */
export const startNodesWorker: StartWorker = (onReport, onDeath) => {
  const worker = new Worker(new URL("./nodes.worker.ts", import.meta.url), { type: "module", name: "nodes" });
  worker.addEventListener("message", ({ data }: MessageEvent<Report>) => onReport(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    onDeath();
  });
  return worker;
};
