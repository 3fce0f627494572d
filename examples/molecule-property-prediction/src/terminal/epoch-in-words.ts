import type { GraphProgress } from "@vicinal/graph";

/** What is said about an epoch beside the bar. */
export function epochInWords({ member, members, loss, validationLoss }: GraphProgress): string {
  const network = members === 1 ? "" : `, network ${member + 1} of ${members}`;
  const validation = validationLoss === undefined ? "" : `, validation ${validationLoss.toFixed(3)}`;
  return `epochs${network}, loss ${loss.toFixed(3)}${validation}`;
}
