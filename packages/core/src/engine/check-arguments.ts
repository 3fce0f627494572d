import type { ArgumentChecks } from "./argument-check.ts";
import { Check } from "./argument-check.ts";
import { denseAttentionChecks } from "./check-dense-attention-arguments.ts";
import { generalChecks } from "./check-general-arguments.ts";
import { recurrentChecks } from "./check-recurrent-arguments.ts";
import { selectionChecks } from "./check-selection-arguments.ts";
import type { Summarize } from "./index-summary.ts";
import type { KernelArguments, KernelName } from "./kernels.ts";

const checks: ArgumentChecks = { ...generalChecks, ...denseAttentionChecks, ...recurrentChecks, ...selectionChecks };

/**
 * Refuses arguments with which a kernel would read or write outside its buffers, or read what it has just written. Takes the same short
 * time for any length of the buffers.
 *
 * @throws EngineError `kernel-arguments`, naming the kernel and the argument.
 */
export function checkArguments<Name extends KernelName>(
  name: Name,
  args: KernelArguments[Name],
  summarize: Summarize,
): void {
  checks[name](args, new Check(name, summarize));
}
