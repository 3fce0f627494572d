import { EngineError } from "../../errors.ts";
import { type KernelExports, kernelExportNames, kernelModule } from "./kernels.generated.ts";
import { withSharedMemory } from "./memory-import.ts";

let compiled: WebAssembly.Module | undefined;
let compiledShared: WebAssembly.Module | undefined;

/**
 * The kernels as a module for memory that is shared between threads or not, compiled once.
 *
 * @throws EngineError `no-simd` where WebAssembly or its SIMD is missing.
 */
export function compileKernels(shared: boolean): WebAssembly.Module {
  if (shared) {
    compiledShared ??= compile(withSharedMemory);
    return compiledShared;
  }
  compiled ??= compile((bytes) => bytes);
  return compiled;
}

/** The kernels on one memory. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  if (areKernels(exports)) return exports;
  throw new EngineError(
    "broken-module",
    "wasm: the kernel module lacks an export; expected all. Build the package anew.",
  );
}

function compile(prepare: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const bytes = prepare(Uint8Array.from(atob(kernelModule), (character) => character.charCodeAt(0)));
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(bytes)) {
    throw new EngineError(
      "no-simd",
      "wasm: this environment has no WebAssembly with SIMD; expected Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or newer. " +
        "Update it, or use the reference engine, which is slow.",
    );
  }
  return new WebAssembly.Module(bytes);
}

function areKernels(exports: WebAssembly.Exports): exports is WebAssembly.Exports & KernelExports {
  return kernelExportNames.every((name) => typeof exports[name] === "function");
}
