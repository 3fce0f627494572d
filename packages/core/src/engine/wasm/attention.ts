import {
  type CompiledAttention,
  type CompiledFunction,
  compileBackward,
  compileForward,
  gradientName,
  operandNames,
  SENDER_CHUNK,
} from "../../compiler/compile.ts";
import { scoreForm } from "../../compiler/score-form.ts";
import { structureOf } from "../../expression/expression.ts";
import { indexBuffer } from "../../tensor/indices.ts";
import type { AttentionKernels, AttentionOperands, AttentionPlan, EdgeRows } from "../attention-kernels.ts";
import type { Engine } from "../engine.ts";
import type { WasmMemory } from "./memory.ts";

type KernelFunction = (...numbers: readonly number[]) => void;

/** A compiled module in this engine's memory. */
interface LoadedModule {
  readonly functions: readonly (CompiledFunction & { readonly run: KernelFunction })[];
}

/** Generates attention kernels for an engine's memory, and keeps them. */
export class AttentionCompiler {
  readonly #engine: Engine;
  readonly #memory: WasmMemory;
  readonly #kernels = new Map<string, AttentionKernels | { readonly refused: string }>();

  constructor(engine: Engine, memory: WasmMemory) {
    this.#engine = engine;
    this.#memory = memory;
  }

  kernels(plan: AttentionPlan): AttentionKernels | { readonly refused: string } {
    const key = keyOf(plan);
    let kernels = this.#kernels.get(key);
    if (kernels === undefined) {
      kernels = this.#prepare(plan);
      this.#kernels.set(key, kernels);
    }
    return kernels;
  }

  #prepare(plan: AttentionPlan): AttentionKernels | { readonly refused: string } {
    if (plan.normalizer.name !== "softmax")
      return { refused: `the normalizer "${plan.normalizer.name}" has no kernel` };
    const form = scoreForm(plan.score);
    if ("refused" in form) return form;
    const forward = this.#load(compileForward(plan, form));
    const backward = new Map<string, LoadedModule>();
    const { heads } = plan;
    return {
      symbols: form.inputs,
      hoisted: form.hoisted,
      forward: (operands, out, saved) => {
        const addresses = this.#inputs(operands);
        addresses.set(operandNames.output, this.#memory.output(out));
        addresses.set(operandNames.logSum, this.#memory.output(saved));
        this.#run(forward, operands, heads, addresses);
      },
      backward: (operands, _out, saved, gradient, gradients) => {
        const wanted = { [operandNames.value]: gradients.value, ...gradients.symbols };
        const names = Object.entries(wanted).flatMap(([name, buffer]) => (buffer === null ? [] : [name]));
        const variant = names.sort().join(" ");
        let module = backward.get(variant);
        if (module === undefined) {
          module = this.#load(compileBackward(plan, form, new Set(names)));
          backward.set(variant, module);
        }
        const addresses = this.#inputs(operands);
        addresses.set(operandNames.logSum, this.#memory.input(saved));
        addresses.set(operandNames.gradient, this.#memory.input(gradient));
        for (const [name, buffer] of Object.entries(wanted)) {
          // Gradients are added to: what was never written to counts as zeros.
          if (buffer !== null) addresses.set(gradientName(name), this.#memory.input(buffer));
        }
        const delta = this.#engine.allocate(saved.length);
        addresses.set(operandNames.delta, this.#memory.output(delta));
        this.#run(module, operands, heads, addresses);
        this.#engine.free(delta);
      },
    };
  }

  #load({ bytes, functions }: CompiledAttention): LoadedModule {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: this.#memory.linear } });
    return {
      functions: functions.map((compiled) => {
        const run = instance.exports[compiled.name];
        if (!isKernel(run)) throw new TypeError(`AttentionCompiler: the module has no function "${compiled.name}".`);
        return { ...compiled, run };
      }),
    };
  }

  #inputs({ value, symbols }: AttentionOperands): Map<string, number> {
    const addresses = new Map<string, number>([[operandNames.value, this.#memory.input(value)]]);
    for (const [name, buffer] of Object.entries(symbols)) addresses.set(name, this.#memory.input(buffer));
    return addresses;
  }

  #run(
    { functions }: LoadedModule,
    { edges, seed }: AttentionOperands,
    heads: number,
    addresses: ReadonlyMap<string, number>,
  ): void {
    for (const { name, operands, slots, run } of functions) {
      const chunk = name === "backward by sender" ? SENDER_CHUNK : longestRow(edges.offsets);
      const scratch = this.#engine.allocate(slots * heads * ((chunk + 3) & ~3));
      const rows =
        name === "backward by sender"
          ? {
              offsets: edges.transposed.offsets,
              others: edges.transposed.receivers,
              permutation: edges.transposed.permutation,
            }
          : { offsets: edges.offsets, others: edges.senderOf, permutation: undefined };
      const indices = (array: Uint32Array): number => this.#memory.indices(indexBuffer(this.#engine, array));
      run(
        0,
        rows.offsets.length - 1,
        indices(rows.offsets),
        indices(rows.others),
        rows.permutation === undefined ? 0 : indices(rows.permutation),
        this.#memory.output(scratch),
        seed,
        ...operands.map((operand) => addresses.get(operand.name)!),
      );
      this.#engine.free(scratch);
    }
  }
}

/** Equal for plans that compile to the same kernels. */
function keyOf({ score, normalizer, heads, channels, valueChannels, dropout }: AttentionPlan): string {
  return JSON.stringify([structureOf(score), normalizer, heads, channels, valueChannels, dropout]);
}

const longest = new WeakMap<Uint32Array, number>();

/** The most edges of one row. */
function longestRow(offsets: EdgeRows["offsets"]): number {
  let most = longest.get(offsets);
  if (most === undefined) {
    most = 0;
    for (let i = 0; i + 1 < offsets.length; i++) most = Math.max(most, offsets[i + 1]! - offsets[i]!);
    longest.set(offsets, most);
  }
  return most;
}

function isKernel(value: unknown): value is KernelFunction {
  return typeof value === "function";
}
