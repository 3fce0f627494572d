import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { env, ready, setBackend } from "@tensorflow/tfjs-core";

/**
 * Makes TensorFlow.js compute with its WebAssembly backend, with SIMD, on one thread: in Node it has no more.
 *
 * @throws Error when the backend does not start, or has no SIMD.
 */
export async function startTfjs(): Promise<void> {
  setThreadsCount(1);
  if (!(await setBackend("wasm"))) throw new Error("TensorFlow.js: its wasm backend did not start.");
  await ready();
  if (!(await env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("TensorFlow.js: its wasm backend has no SIMD.");
}
