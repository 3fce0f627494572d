import { EngineError } from "../../errors.ts";
import { withSharedMemory } from "./memory-import.ts";
import { instructionSet } from "./packed-modules.ts";
import { type PackedModule, unpack } from "./unpack.ts";

/** Changes a module whose products are at `sites`: see relaxed-products.ts. */
export type Relax = (module: Uint8Array<ArrayBuffer>, sites: readonly number[]) => Uint8Array<ArrayBuffer>;

/** What tells one build of the kernels from another. */
export interface KernelBuild {
  /** For memory that threads share. */
  readonly shared: boolean;
  /** What makes fused multiply-adds of dense products, if anything does. */
  readonly relax?: Relax | undefined;
}

/** A module, and what it was compiled from. */
export interface CompiledModule {
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const compiled = new WeakMap<PackedModule, Map<string, CompiledModule>>();

/**
 * Kernels as a module, compiled once.
 *
 * @throws EngineError `no-simd` where WebAssembly or its SIMD is missing.
 */
export function compileKernels(packed: PackedModule, build: KernelBuild): CompiledModule {
  const builds = compiled.get(packed) ?? new Map<string, CompiledModule>();
  compiled.set(packed, builds);
  const key = `${build.shared} ${build.relax !== undefined}`;
  let found = builds.get(key);
  if (found === undefined) {
    const bytes = bytesOf(packed, build);
    found = { module: compile(bytes), bytes };
    builds.set(key, found);
  }
  return found;
}

/** Whether WebAssembly takes a build of a module here. */
export function isSupported(packed: PackedModule, build: KernelBuild): boolean {
  return isValid(bytesOf(packed, build));
}

/** The kernels of a module on one memory, `names` among them. */
export function instantiateKernels<Exports>(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  names: readonly (keyof Exports & string)[],
): Exports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  if (areKernels(exports, names)) return exports;
  throw new EngineError(
    "broken-module",
    "wasm: the kernel module lacks an export; expected all. Build the package anew.",
  );
}

function bytesOf(packed: PackedModule, { shared, relax }: KernelBuild): Uint8Array<ArrayBuffer> {
  let bytes = unpack(packed, instructionSet);
  if (relax !== undefined) bytes = relax(bytes, packed.productSites);
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
        "Update it, or use referenceEngine of @vicinal/core/reference, which is slow.",
    );
  }
  return new WebAssembly.Module(bytes);
}

function areKernels<Exports>(
  exports: WebAssembly.Exports,
  names: readonly (keyof Exports & string)[],
): exports is WebAssembly.Exports & Exports {
  return names.every((name) => typeof exports[name] === "function");
}
