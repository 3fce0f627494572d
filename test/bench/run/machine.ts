import { availableParallelism, cpus, totalmem } from "node:os";

/** What figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? process.arch,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
  };
}

/** For the line above a table. */
export function machineName({ processor, cores, node }: Machine): string {
  return `${processor}, ${cores} cores, Node ${node}`;
}
