import { builtinModule } from "./builtin-module.ts";
import { nodeProgram, pageProgram, type WorkerData } from "./worker-program.ts";

/** A worker thread of Node, as far as it is used here. */
interface NodeWorker {
  on(event: "error", act: () => void): void;
  unref(): void;
}

type NodeWorkerConstructor = new (
  program: string,
  options: { eval: true; workerData: WorkerData; execArgv: readonly string[]; name: string },
) => NodeWorker;

/**
 * Starts a worker that does not keep the program alive.
 *
 * @returns The worker, which must be kept: a page may collect one that nobody holds.
 * @throws Whatever the host throws that allows no worker, such as a page whose content security policy names no `blob:`.
 */
export type WorkerStarter = (data: WorkerData) => object;

/** Starts a worker thread of Node, or a worker of a page. */
export const startWorker: WorkerStarter = (data) => {
  const NodeWorker = builtinModule("node:worker_threads")?.["Worker"];
  return isNodeWorker(NodeWorker) ? startThread(NodeWorker, data) : startPageWorker(data);
};

function startThread(NodeWorker: NodeWorkerConstructor, data: WorkerData): object {
  // Without the options of the process: what they load into every thread is of no use here.
  const worker = new NodeWorker(nodeProgram, { eval: true, workerData: data, execArgv: [], name: "vicinal" });
  // What happens while it works is told through memory; a worker that could not start is one that never says it is ready.
  worker.on("error", () => {});
  worker.unref();
  return worker;
}

let programUrl: string | undefined;

function startPageWorker(data: WorkerData): object {
  programUrl ??= URL.createObjectURL(new Blob([pageProgram], { type: "text/javascript" }));
  const worker = new Worker(programUrl, { name: "vicinal" });
  worker.addEventListener("error", (event) => event.preventDefault());
  worker.postMessage(data);
  return worker;
}

function isNodeWorker(value: unknown): value is NodeWorkerConstructor {
  return typeof value === "function";
}
