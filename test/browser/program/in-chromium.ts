import type { Page } from "playwright-core";
import type { Job, Trained } from "./train-gat.ts";

/** Trains in the page, which has loaded the program. */
export async function trainInPage(page: Page, job: Job): Promise<Trained> {
  await page.waitForFunction(() => "train" in globalThis);
  return page.evaluate(async (what) => {
    const train: unknown = Reflect.get(globalThis, "train");
    return typeof train === "function" ? train(what) : undefined;
  }, job);
}

/** Trains in a module worker that the page starts from `path`. */
export async function trainInWorker(page: Page, path: string, job: Job): Promise<Trained> {
  return page.evaluate(
    ([from, what]) =>
      new Promise<Trained>((resolve, reject) => {
        const worker = new Worker(from, { type: "module" });
        worker.addEventListener("error", (event) => reject(new Error(event.message)));
        worker.addEventListener("message", ({ data }) => (data === "ready" ? worker.postMessage(what) : resolve(data)));
      }),
    [path, job] as const,
  );
}
