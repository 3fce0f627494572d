import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Job, Trained } from "./train-gat.ts";

/** Trains in a new process of Node that imports the program at `path`, and through it the packages as they are published. */
export async function trainInNode(path: string, job: Job): Promise<Trained> {
  const source = `
    await import(${JSON.stringify(pathToFileURL(path).href)});
    console.log(JSON.stringify(await globalThis.train(${JSON.stringify(job)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source]);
  return JSON.parse(stdout);
}
