import { EngineError } from "../../errors.ts";
import { type KernelExports, kernelExportNames, kernelModule, kernelShift } from "./kernels.generated.ts";
import { withSharedMemory } from "./memory-import.ts";
import { withRelaxedProducts } from "./relaxed-products.ts";

/** What tells one build of the kernels from another. */
export interface KernelBuild {
  /** For memory that threads share. */
  readonly shared: boolean;
  /** With a fused multiply-add in dense products. */
  readonly relaxed: boolean;
}

const compiled = new Map<string, WebAssembly.Module>();

/**
 * The kernels as a module, compiled once.
 *
 * @throws EngineError `no-simd` where WebAssembly or its SIMD is missing.
 */
export function compileKernels({ shared, relaxed }: KernelBuild): WebAssembly.Module {
  const key = `${shared} ${relaxed}`;
  let module = compiled.get(key);
  if (module === undefined) {
    module = compile(bytesOf({ shared, relaxed }));
    compiled.set(key, module);
  }
  return module;
}

let relaxedIsValid: boolean | undefined;

/** Whether WebAssembly has relaxed SIMD here. */
export function hasRelaxedSimd(): boolean {
  relaxedIsValid ??= isValid(bytesOf({ shared: false, relaxed: true }));
  return relaxedIsValid;
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

function bytesOf({ shared, relaxed }: KernelBuild): Uint8Array<ArrayBuffer> {
  // Numbers below 0 are stored modulo 256.
  let bytes = Uint8Array.from(kernelModule, (character) => character.charCodeAt(0) - kernelShift);
  if (relaxed) bytes = withRelaxedProducts(bytes);
  return shared ? withSharedMemory(bytes) : bytes;
}

function isValid(bytes: Uint8Array<ArrayBuffer>): boolean {
  return typeof WebAssembly !== "undefined" && WebAssembly.validate(bytes);
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (!isValid(bytes)) {
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
