/** Reads the file that it is given, and tells what came of it and how much memory arrays took meanwhile. */
import { parentPort, workerData } from "node:worker_threads";
import { corePlugin, createRegistry, FileError, loadModel, PluginError, readSafetensors } from "@vicinal/core";

const { file, how }: { readonly file: Uint8Array; readonly how: "tensors" | "model" } = workerData;

let arrayBytes = 0;
/** Adds up what arrays of numbers take that are made while `body` runs. */
function counting(body: () => void): void {
  const { Uint8Array: bytes, Uint32Array: words, Float64Array: doubles, Float32Array: singles } = globalThis;
  const counted = <T extends typeof bytes | typeof words | typeof doubles | typeof singles>(of: T): T =>
    new Proxy(of, {
      construct(target, given, newTarget) {
        const made = Reflect.construct(target, given, newTarget);
        if (!(given[0] instanceof ArrayBuffer)) arrayBytes += made.byteLength;
        return made;
      },
    });
  Object.assign(globalThis, {
    Uint8Array: counted(bytes),
    Uint32Array: counted(words),
    Float64Array: counted(doubles),
    Float32Array: counted(singles),
  });
  try {
    body();
  } finally {
    Object.assign(globalThis, {
      Uint8Array: bytes,
      Uint32Array: words,
      Float64Array: doubles,
      Float32Array: singles,
    });
  }
}

let [code, looked] = ["read", 0];
try {
  counting(() => {
    if (how === "model") loadModel(file, { registry: createRegistry([corePlugin]) });
    else for (const { shape, values } of readSafetensors(file).tensors.values()) looked += shape.length + values.length;
  });
} catch (error) {
  if (!(error instanceof FileError || error instanceof PluginError)) throw error;
  code = error.code;
}
parentPort?.postMessage({ code, arrayBytes, looked });
