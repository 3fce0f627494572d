import type { ArgumentChecks, Check } from "./argument-check.ts";
import { checkSegments } from "./check-general-arguments.ts";

function checkAlpha(check: Check, alpha: number): void {
  if (alpha !== 1.5 && alpha !== 2) check.refuse(`alpha ${alpha}`, "1.5 or 2");
}

export const selectionChecks: ArgumentChecks<"segmentEntmax" | "segmentEntmaxGradient" | "segmentHardmax"> = {
  segmentEntmax(args, check) {
    checkSegments(check, args);
    checkAlpha(check, args.alpha);
  },

  segmentEntmaxGradient(args, check) {
    checkSegments(check, args);
    checkAlpha(check, args.alpha);
  },

  segmentHardmax: (args, check) => checkSegments(check, args),
};
