import { VicinalError } from "@vicinal/core";

/** Training that cannot go on: a loss that is no longer a number. */
export class TrainingError extends VicinalError {
  static override readonly name: string = "TrainingError";
}
