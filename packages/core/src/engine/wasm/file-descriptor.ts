import { builtinModule } from "./builtin-module.ts";

/** Whether a file descriptor has been closed; false where there are none, and for 0. */
export function isClosed(descriptor: number): boolean {
  const fstat = builtinModule("node:fs")?.["fstatSync"];
  if (descriptor === 0 || typeof fstat !== "function") return false;
  try {
    fstat(descriptor);
    return false;
  } catch {
    return true;
  }
}
