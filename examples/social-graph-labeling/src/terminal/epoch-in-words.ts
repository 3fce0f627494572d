import type { Progress } from "@vicinal/graph";

/** What is said about an epoch beside the bar. */
export function epochInWords({ stage, loss, validationMetric }: Progress): string {
  const metric = validationMetric === undefined ? "" : `, validation ${(100 * validationMetric).toFixed(1)} %`;
  return `${stage === "trial" ? "trial, " : ""}loss ${loss.toFixed(3)}${metric}`;
}
