import { SingleBar } from "cli-progress";
import type { EpochProgress } from "../training.ts";

/** Where progress is shown: standard error, so that results on standard output stay clean. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** How training goes on. */
export interface ProgressDisplay {
  update(progress: EpochProgress): void;
  /** Ends the display; nothing may follow. */
  stop(): void;
}

/** A bar in a terminal, and nothing elsewhere. */
export function showProgress(stream: ProgressStream, title: string): ProgressDisplay {
  if (stream.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    stream,
    format: `${title} {bar} epoch {value}/{total} {detail}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
  let isStarted = false;
  return {
    update({ epoch, epochs, loss }) {
      const detail = `loss ${loss.toFixed(3)}`;
      if (!isStarted) bar.start(epochs, epoch, { detail });
      isStarted = true;
      bar.update(epoch, { detail });
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}
