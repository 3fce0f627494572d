import type { FloatBuffer } from "../buffers.ts";
import type { RecurrentGatesArguments, RecurrentStep } from "../recurrent-kernels.ts";
import type { GatesExports } from "./gates.generated.ts";
import type { KernelsExports } from "./kernels.generated.ts";
import type { Machine, WasmKernels } from "./machine.ts";

/** What the module's functions say of gates that are not kept. */
const NOT_KEPT = 0;

/** The addresses of a step's rows in buffers of all steps. */
function rowsOfStep({ memory }: Machine, { total, start, rows }: RecurrentStep) {
  const shift = ({ length }: FloatBuffer): number => (total === 0 ? 0 : (length / total) * start * 4);
  return {
    read: (buffer: FloatBuffer): number => memory.input(buffer) + shift(buffer),
    // The rows of other steps stay what they are.
    written: (buffer: FloatBuffer): number =>
      (rows === total ? memory.output(buffer) : memory.input(buffer)) + shift(buffer),
  };
}

/** The arguments of a kernel of gates, which both kinds of cell share. */
function gatesOf(args: RecurrentGatesArguments, machine: Machine) {
  const { memory } = machine;
  const { read, written } = rowsOfStep(machine, args);
  return [
    read(args.fromInput),
    memory.input(args.biasInput),
    memory.input(args.fromState),
    memory.input(args.biasState),
    memory.input(args.previous),
    written(args.out),
    args.gates === null ? NOT_KEPT : written(args.gates),
    args.hidden,
    0,
    args.rows,
  ] as const;
}

type Names = "gruGates" | "gruGatesGradient" | "lstmGates" | "lstmGatesGradient";

export const recurrentKernels: WasmKernels<Names, KernelsExports & GatesExports> = {
  gruGates(args, machine) {
    machine.kernels.gruGates(...gatesOf(args, machine));
  },

  lstmGates(args, machine) {
    machine.kernels.lstmGates(...gatesOf(args, machine));
  },

  gruGatesGradient(args, machine) {
    const { read, written } = rowsOfStep(machine, args);
    machine.kernels.gruGatesGradient(
      read(args.gates),
      read(args.previous),
      read(args.gradient),
      written(args.ofInput),
      written(args.ofState),
      machine.memory.output(args.ofPrevious),
      args.hidden,
      0,
      args.rows,
    );
  },

  lstmGatesGradient(args, machine) {
    const { read, written } = rowsOfStep(machine, args);
    machine.kernels.lstmGatesGradient(
      read(args.gates),
      read(args.previous),
      read(args.state),
      read(args.gradient),
      written(args.ofState),
      machine.memory.output(args.ofPrevious),
      args.hidden,
      0,
      args.rows,
    );
  },
};
