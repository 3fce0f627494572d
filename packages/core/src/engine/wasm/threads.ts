import { OptionError } from "../../errors.ts";
import { builtinModule } from "./builtin-module.ts";

/** More threads than this are not taken without being asked for: memory is shared, and its bandwidth ends first. */
const MOST_BY_DEFAULT = 16;
/** The most threads that can be asked for. */
export const MOST_THREADS = 64;

let wanted: number | undefined;

/**
 * Sets over how many threads the wasm engine spreads large work, the caller's included; 1 for none but the caller's. Results are the same
 * bits for any count. Where memory cannot be shared between threads (a page that is not cross-origin isolated) there is one
 * thread whatever is set.
 *
 * @param count - An integer from 1 to 64. Default, before the first call: the cores of the machine, at most 16.
 * @throws OptionError `invalid-threads`.
 */
export function setThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > MOST_THREADS) {
    throw new OptionError(
      "invalid-threads",
      `setThreads: got ${count}; expected an integer from 1 to ${MOST_THREADS}. Leave the call out to use the machine's cores.`,
    );
  }
  wanted = count;
}

/** Over how many threads the wasm engine spreads large work: what {@link setThreads} said, and 1 where memory cannot be shared. */
export function threads(): number {
  return canShareMemory() ? (wanted ?? defaultThreads()) : 1;
}

/** Whether several threads can work on one memory here. Pages must be cross-origin isolated. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer !== "undefined" && Reflect.get(globalThis, "crossOriginIsolated") !== false;
}

let cores: number | undefined;

function defaultThreads(): number {
  cores ??= Math.max(1, Math.min(MOST_BY_DEFAULT, countCores()));
  return cores;
}

function countCores(): number {
  const availableParallelism = builtinModule("node:os")?.["availableParallelism"];
  const counted: unknown =
    typeof availableParallelism === "function"
      ? availableParallelism()
      : typeof navigator === "undefined"
        ? 1
        : navigator.hardwareConcurrency;
  return typeof counted === "number" && Number.isInteger(counted) ? counted : 1;
}
