import type { MoleculeTask } from "../input/molecule-input.ts";

/** A figure with three digits, or a dash where there is none. */
export function figure(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : value.toFixed(3);
}

/** A number to be learned, or the probability of a yes. */
function valueInWords(task: MoleculeTask, value: number): string {
  if (Number.isNaN(value)) return "not known";
  if (task === "multi-task") return value.toFixed(2);
  const size = Math.abs(value);
  return size >= 1e5 || (size > 0 && size < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** A prediction with how far the networks are apart. */
export function predictionInWords(task: MoleculeTask, value: number, uncertainty: number | undefined): string {
  const spread = uncertainty === undefined ? "" : ` ± ${valueInWords(task, Number(uncertainty.toPrecision(2)))}`;
  return `${valueInWords(task, value)}${spread}`;
}

/** What is known of a molecule, as it stands beside a prediction. */
export function knownInWords(task: MoleculeTask, value: number): string {
  if (task === "regression" || Number.isNaN(value)) return valueInWords(task, value);
  return value === 1 ? "yes" : "no";
}
