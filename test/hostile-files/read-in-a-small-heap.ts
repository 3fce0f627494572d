import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

/** What a thread says of a file: the code of the error, or that it took it, and how many bytes of arrays it had taken at most beside it. */
export interface Outcome {
  readonly code: string;
  readonly arrayBytes: number;
}

let program: Promise<string> | undefined;

/** The program of the thread as one text: a heap that is to be small has no room for a compiler of TypeScript. */
function programText(): Promise<string> {
  program ??= build({
    entryPoints: [fileURLToPath(new URL("small-heap-thread.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    conditions: ["@vicinal/source"],
    logLevel: "silent",
  }).then(({ outputFiles: [file] }) => file?.text ?? "");
  return program;
}

/**
 * Reads a file in a thread whose heap holds so many MiB and no more: V8 ends a thread that takes more.
 *
 * @param heap MiB, of which the program itself takes about 8.
 * @throws Error `ERR_WORKER_OUT_OF_MEMORY`.
 */
export async function readInASmallHeap(file: Uint8Array, how: "tensors" | "model", heap: number): Promise<Outcome> {
  const worker = new Worker(await programText(), {
    eval: true,
    workerData: { file, how },
    resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: 2 },
  });
  const [outcome]: Outcome[] = await once(worker, "message");
  await worker.terminate();
  if (outcome === undefined) throw new Error("expected a message");
  return outcome;
}
