import { type CompiledBackward, compileBackward } from "../../compiler/backward.ts";
import type { CompiledAttention } from "../../compiler/compile.ts";
import { compileForward } from "../../compiler/forward.ts";
import { gradientName, operandNames } from "../../compiler/symbols.ts";
import { formOf, isDivided } from "../../compiler/weight.ts";
import { type Expression, structureOf } from "../../expression/expression.ts";
import { indexBuffer } from "../../tensor/indices.ts";
import type { AttentionGradients, AttentionKernels, AttentionOperands, AttentionPlan } from "../attention-kernels.ts";
import type { FloatBuffer } from "../buffers.ts";
import type { Engine } from "../engine.ts";
import { type LoadedFunction, type PassResults, runPass } from "./attention-pass.ts";
import type { Machine } from "./machine.ts";
import { withSharedMemory } from "./memory-import.ts";
import { pooledKernel } from "./threaded-kernels.ts";

/** The functions of the backward pass for some gradients. */
interface BackwardModule {
  readonly compiled: CompiledBackward;
  readonly functions: readonly LoadedFunction[];
}

const WORD = 4;

/** Generates attention kernels for an engine's memory, and keeps them. */
export class AttentionCompiler {
  readonly #engine: Engine;
  readonly #machine: Machine;
  readonly #kernels = new Map<string, AttentionKernels | { readonly refused: string }>();

  constructor(engine: Engine, machine: Machine) {
    this.#engine = engine;
    this.#machine = machine;
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
    const form = formOf(plan);
    if ("refused" in form) return form;
    const [forward] = this.#load(compileForward(plan, form));
    const modules = new Map<string, BackwardModule>();
    const moduleFor = (wanted: readonly string[]): BackwardModule => {
      const variant = wanted.join(" ");
      let module = modules.get(variant);
      if (module === undefined) {
        const compiled = compileBackward(plan, form, new Set(wanted));
        module = { compiled, functions: this.#load(compiled) };
        modules.set(variant, module);
      }
      return module;
    };
    return {
      symbols: form.inputs,
      hoisted: form.hoisted,
      forward: (operands, out, saved) => this.#forward(forward!, plan, operands, out, saved),
      backward: (operands, out, saved, gradient, gradients) => {
        const wanted = wantedGradients(gradients);
        const module = moduleFor(wanted.map(([name]) => name).sort());
        const results = new Map(wanted.map(([name, buffer]) => [gradientName(name), buffer]));
        this.#backward(module, plan, operands, { out, saved, gradient }, results);
      },
    };
  }

  #forward(
    forward: LoadedFunction,
    plan: AttentionPlan,
    operands: AttentionOperands,
    out: FloatBuffer,
    saved: FloatBuffer,
  ): void {
    const { kernels } = this.#machine;
    const { heads, valueChannels } = plan;
    const buffers = new Map([
      [operandNames.output, out],
      [operandNames.logSum, saved],
    ]);
    const mergeDivided: PassResults["merge"] = ([ofOut, ofSum], parts) => {
      if (ofOut === undefined || ofSum === undefined) return;
      kernels.mergeParts(ofOut.from, ofSum.from, parts, heads, valueChannels, ofOut.to, ofSum.to, 0, heads);
    };
    const inputs = { operands, heads, addresses: this.#addresses(operands) };
    const merge = isDivided(plan) ? mergeDivided : this.#addParts;
    runPass(this.#engine, this.#machine, forward, inputs, { buffers, isAdded: false, merge });
  }

  #backward(
    { compiled: { rowSums }, functions }: BackwardModule,
    { heads, valueChannels }: AttentionPlan,
    operands: AttentionOperands,
    {
      out,
      saved,
      gradient,
    }: { readonly out: FloatBuffer; readonly saved: FloatBuffer; readonly gradient: FloatBuffer },
    results: ReadonlyMap<string, FloatBuffer>,
  ): void {
    const { memory, kernels } = this.#machine;
    const { offsets, senderOf } = operands.edges;
    const addresses = this.#addresses(operands);
    memory.temporarily((own) => {
      const temporary = new Map<string, FloatBuffer>();
      const place = (name: string, length: number): number => {
        const buffer = own(memory.allocate(length));
        temporary.set(name, buffer);
        const address = memory.output(buffer);
        addresses.set(name, address);
        return address;
      };
      addresses.set(operandNames.logSum, memory.input(saved));
      addresses.set(operandNames.gradient, memory.input(gradient));
      const delta = place(operandNames.delta, saved.length);
      const [slope, answer, pitch] = [memory.input(gradient), memory.input(out), valueChannels * WORD];
      kernels.headDots(slope, answer, pitch, delta, 1, valueChannels, 0, saved.length);
      for (const { from } of rowSums) place(from.name, senderOf.length * heads);
      const inputs = { operands, heads, addresses };
      const written = { buffers: results, isAdded: true, merge: this.#addParts };
      for (const each of functions) runPass(this.#engine, this.#machine, each, inputs, written);
      for (const { from, to } of rowSums) {
        const [x, target] = [temporary.get(from.name)!, results.get(to.name)!];
        const starts = indexBuffer(this.#engine, offsets);
        this.#engine.run("segmentSum", { x, offsets: starts, permutation: null, out: target, width: heads });
      }
    });
  }

  /** Long rows are the sums of their parts. */
  readonly #addParts: PassResults["merge"] = (results, parts) => {
    for (const { from, to, width } of results) this.#machine.kernels.sumColumnRanges(from, to, parts, width, 0, width);
  };

  #load({ bytes: unshared, functions }: CompiledAttention): LoadedFunction[] {
    const { memory } = this.#machine;
    const bytes = memory.isShared ? withSharedMemory(unshared) : unshared;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: memory.linear } });
    const module = memory.keep(bytes);
    return functions.map((compiled) => ({ ...compiled, target: pooledKernel(exports, compiled.name, module) }));
  }

  #addresses({ value, symbols }: AttentionOperands): Map<string, number> {
    const buffers = Object.entries({ [operandNames.value]: value, ...symbols });
    return new Map(buffers.map(([name, buffer]) => [name, this.#machine.memory.input(buffer)]));
  }
}

/** The gradients that are wanted, by the name of the operand that they belong to. */
function wantedGradients({ value, symbols }: AttentionGradients): [name: string, buffer: FloatBuffer][] {
  return Object.entries({ [operandNames.value]: value, ...symbols }).flatMap(([name, buffer]) =>
    buffer === null ? [] : [[name, buffer]],
  );
}

/** The structures of scores that were asked for before. */
const structures = new WeakMap<Expression, string>();

/** Equal for plans that compile to the same kernels. */
function keyOf({ score, normalizer, heads, channels, valueChannels, dropout }: AttentionPlan): string {
  const { weight } = normalizer;
  const weights = { ...normalizer, weight: weight && structureOf(weight) };
  let structure = structures.get(score);
  if (structure === undefined) {
    structure = structureOf(score);
    structures.set(score, structure);
  }
  return structure + JSON.stringify([weights, heads, channels, valueChannels, dropout]);
}
