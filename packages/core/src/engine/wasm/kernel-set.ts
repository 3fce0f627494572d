import { type ArgumentChecks, Check } from "../argument-check.ts";
import type { Summarize } from "../index-summary.ts";
import type { KernelArguments, KernelName } from "../kernels.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { Machine, WasmKernels } from "./machine.ts";
import type { Partitions } from "./threaded-kernels.ts";
import type { PackedModule } from "./unpack.ts";

/** Kernels that share a module, and all that it takes to run them. */
export interface KernelParts<Own extends object> {
  readonly module: PackedModule;
  readonly partitions: Partitions<Own>;
  readonly kernels: Partial<WasmKernels<KernelName, Own & KernelsExports>>;
  readonly checks: Partial<ArgumentChecks>;
}

/** Brings the module of a set into an engine's memory. */
export type ModuleLoader = <Own extends object>(parts: KernelParts<Own>) => Machine<Own & KernelsExports>;

/** Checks the arguments of a kernel, and runs it. */
export type KernelRun = <Name extends KernelName>(
  name: Name,
  args: KernelArguments[Name],
  summarize: Summarize,
) => void;

/**
 * Kernels that not every program needs. What calls one {@link provide}s its set, so that what a program imports decides which kernels travel with
 * it, and an engine compiles them when they are first run.
 */
export interface KernelSet {
  readonly has: (name: KernelName) => boolean;
  readonly link: (load: ModuleLoader) => KernelRun;
}

export function kernelSet<Own extends object>(parts: KernelParts<Own>): KernelSet {
  return { has: (name) => name in parts.kernels, link: (load) => runnerOf(parts, load(parts)) };
}

/** How the kernels of a set are run on a machine that has its module. */
export function runnerOf<Own extends object>(
  { kernels, checks }: KernelParts<Own>,
  machine: Machine<Own & KernelsExports>,
): KernelRun {
  return (name, args, summarize) => {
    checks[name]!(args, new Check(name, summarize));
    kernels[name]!(args, machine);
  };
}

const provided = new Set<KernelSet>();

/** Makes kernels known to every wasm engine of the program, those that are there already included. */
export function provide(set: KernelSet): void {
  provided.add(set);
}

/** The set that has a kernel, if something has provided it. */
export function providerOf(name: KernelName): KernelSet | undefined {
  return [...provided].find(({ has }) => has(name));
}
