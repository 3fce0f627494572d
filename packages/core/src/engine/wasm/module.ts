import { EngineError } from "../../errors.ts";
import { type KernelExports, kernelExportNames, kernelModule } from "./kernels.generated.ts";

let compiled: WebAssembly.Module | undefined;

/**
 * The kernels as a module, compiled once.
 *
 * @throws EngineError `no-simd` where WebAssembly or its SIMD is missing.
 */
export function compileKernels(): WebAssembly.Module {
  compiled ??= compile();
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

function compile(): WebAssembly.Module {
  const bytes = Uint8Array.from(atob(kernelModule), (character) => character.charCodeAt(0));
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
