import type { Module } from "../nn/module.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { loadState, matchState } from "./state-differences.ts";
import { type StoredTensor, storedTensor, type WritableTensor } from "./stored-tensor.ts";

/**
 * Everything that a module must keep to answer as it does now, as {@link Module.namedState} lists it: parameters and running statistics, a copy
 * of each. A tensor with several names, as of shared weights, is there once, under the first of them. To be written with {@link writeSafetensors}.
 */
export async function moduleState(module: Module): Promise<Map<string, WritableTensor>> {
  return storedState(namedOnce(module));
}

/** What tensors hold now, by name. */
export async function storedState(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, WritableTensor>> {
  const state = new Map<string, WritableTensor>();
  for (const [name, tensor] of tensors) state.set(name, await storedTensor(tensor));
  return state;
}

/**
 * Checks that {@link loadModuleState} can write these tensors into this module.
 *
 * @throws FileError `state-differs`.
 */
export function checkModuleState(module: Module, saved: ReadonlyMap<string, StoredTensor>): void {
  matchState("checkModuleState", namedOnce(module), saved);
}

/**
 * Writes what {@link moduleState} gave into a module of the same architecture. All names and shapes are compared first: either everything is
 * written or nothing. Numbers are rounded to the precision of the module's engine.
 *
 * @throws FileError `state-differs` naming what is missing, unexpected, or of another shape or type.
 */
export function loadModuleState(module: Module, saved: ReadonlyMap<string, StoredTensor>): void {
  loadState("loadModuleState", namedOnce(module), saved);
}

/** The tensors of several modules, named as in a list: `0.weight` is the `weight` of the first. What two of them share is there for each. */
export function namedInList(modules: readonly Module[]): Map<string, Tensor> {
  return new Map(
    modules.flatMap((module, k) =>
      Array.from(namedOnce(module), ([name, tensor]): [string, Tensor] => [`${k}.${name}`, tensor]),
    ),
  );
}

function namedOnce(module: Module): Map<string, Tensor> {
  const seen = new Set<Tensor>();
  return new Map(
    [...module.namedState()].filter(([, tensor]) => {
      const isFirst = !seen.has(tensor);
      seen.add(tensor);
      return isFirst;
    }),
  );
}
