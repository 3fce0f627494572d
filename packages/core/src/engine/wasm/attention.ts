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
  readonly rowSums: CompiledBackward["rowSums"];
  readonly functions: readonly LoadedFunction[];
}

const WORD = 4;

/** Generates attention kernels for an engine's memory, or says why a plan has none; keeps them. */
export function attentionCompiler(
  engine: Engine,
  machine: Machine,
): (plan: AttentionPlan) => AttentionKernels | { readonly refused: string } {
  const { memory, kernels } = machine;

  const load = ({ bytes: unshared, functions }: CompiledAttention): LoadedFunction[] => {
    const bytes = memory.isShared ? withSharedMemory(unshared) : unshared;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: memory.linear } });
    const module = memory.keep(bytes);
    return functions.map((compiled) => ({ ...compiled, target: pooledKernel(exports, compiled.name, module) }));
  };

  const addressesOf = ({ value, symbols }: AttentionOperands): Map<string, number> => {
    const buffers = Object.entries({ [operandNames.value]: value, ...symbols });
    return new Map(buffers.map(([name, buffer]) => [name, memory.input(buffer)]));
  };

  /** Long rows are the sums of their parts. */
  const addParts: PassResults["merge"] = (results, parts) => {
    for (const { from, to, width } of results) kernels.sumColumnRanges(from, to, parts, width, 0, width);
  };

  const prepare = (plan: AttentionPlan): AttentionKernels | { readonly refused: string } => {
    const form = formOf(plan);
    if ("refused" in form) return form;
    const { heads, valueChannels } = plan;
    const [compiledForward] = load(compileForward(plan, form));

    const mergeDivided: PassResults["merge"] = ([ofOut, ofSum], parts) => {
      if (ofOut === undefined || ofSum === undefined) return;
      kernels.mergeParts(ofOut.from, ofSum.from, parts, heads, valueChannels, ofOut.to, ofSum.to, 0, heads);
    };
    const merge = isDivided(plan) ? mergeDivided : addParts;

    const modules = new Map<string, BackwardModule>();
    const moduleFor = (wanted: readonly string[]): BackwardModule => {
      const variant = wanted.join(" ");
      let module = modules.get(variant);
      if (module === undefined) {
        const { rowSums, ...compiled } = compileBackward(plan, form, new Set(wanted));
        module = { rowSums, functions: load(compiled) };
        modules.set(variant, module);
      }
      return module;
    };

    return {
      symbols: form.inputs,
      hoisted: form.hoisted,
      forward(operands, out, saved) {
        const buffers = new Map([
          [operandNames.output, out],
          [operandNames.logSum, saved],
        ]);
        const inputs = { operands, heads, addresses: addressesOf(operands) };
        runPass(engine, machine, compiledForward!, inputs, { buffers, isAdded: false, merge });
      },
      backward(operands, out, saved, gradient, gradients) {
        const wanted = wantedGradients(gradients);
        const { rowSums, functions } = moduleFor(wanted.map(([name]) => name).sort());
        const results = new Map(wanted.map(([name, buffer]) => [gradientName(name), buffer]));
        const { offsets, senderOf } = operands.edges;
        const addresses = addressesOf(operands);
        memory.temporarily((own) => {
          const place = (name: string, length: number): FloatBuffer => {
            const buffer = own(memory.allocate(length));
            addresses.set(name, memory.output(buffer));
            return buffer;
          };
          const slope = memory.input(gradient);
          addresses.set(operandNames.logSum, memory.input(saved));
          addresses.set(operandNames.gradient, slope);
          const delta = memory.output(place(operandNames.delta, saved.length));
          kernels.headDots(slope, memory.input(out), valueChannels * WORD, delta, 1, valueChannels, 0, saved.length);
          const kept = rowSums.map(({ from, to }) => ({ x: place(from.name, senderOf.length * heads), to }));
          const inputs = { operands, heads, addresses };
          const written = { buffers: results, isAdded: true, merge: addParts };
          for (const each of functions) runPass(engine, machine, each, inputs, written);
          for (const { x, to } of kept) {
            const [starts, target] = [indexBuffer(engine, offsets), results.get(to.name)!];
            engine.run("segmentSum", { x, offsets: starts, permutation: null, out: target, width: heads });
          }
        });
      },
    };
  };

  const prepared = new Map<string, ReturnType<typeof prepare>>();
  return (plan) => {
    const key = keyOf(plan);
    let result = prepared.get(key);
    if (result === undefined) {
      result = prepare(plan);
      prepared.set(key, result);
    }
    return result;
  };
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
