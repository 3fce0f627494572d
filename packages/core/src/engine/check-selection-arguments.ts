import type { ArgumentChecks, Check } from "./argument-check.ts";
import { checkSegments } from "./check-general-arguments.ts";

function checkAlpha(check: Check, alpha: number): void {
  if (alpha !== 1.5 && alpha !== 2) check.refuse(`alpha ${alpha}`, "1.5 or 2");
}

export const selectionChecks: ArgumentChecks<"segmentEntmax" | "segmentEntmaxGradient" | "segmentHardmax"> = {
  segmentEntmax({ logits, alpha, ...segments }, check) {
    checkSegments(check, { logits }, segments);
    checkAlpha(check, alpha);
  },

  segmentEntmaxGradient({ weights, gradient, alpha, ...segments }, check) {
    checkSegments(check, { weights, gradient }, segments);
    checkAlpha(check, alpha);
  },

  segmentHardmax({ logits, ...segments }, check) {
    checkSegments(check, { logits }, segments);
  },
};
