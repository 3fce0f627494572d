import { SingleBar } from "cli-progress";
import type { ProgressStream } from "./streams.ts";

/** Something that goes on for a while. */
export interface ProgressDisplay {
  /** Says how far it has come: `value` of `total`. */
  update(value: number, total: number, detail: string): void;
  /** Ends the display; nothing may follow. */
  stop(): void;
}

/** Time between two lines where a bar cannot be drawn, in milliseconds. */
const PAUSE = 1000;

/** A bar in a terminal; in a log, one line a second at most. */
export function showProgress(stream: ProgressStream, title: string, now: () => number = Date.now): ProgressDisplay {
  return stream.isTTY === true ? bar(stream, title) : lines(stream, title, now);
}

function bar(stream: ProgressStream, title: string): ProgressDisplay {
  const single = new SingleBar({
    stream,
    format: `${title} {bar} {value}/{total} {detail}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    fps: 20,
  });
  let started = false;
  return {
    update(value, total, detail) {
      if (!started) single.start(total, value, { detail });
      started = true;
      single.update(value, { detail });
    },
    stop() {
      if (started) single.stop();
    },
  };
}

function lines(stream: ProgressStream, title: string, now: () => number): ProgressDisplay {
  let last = Number.NEGATIVE_INFINITY;
  return {
    update(value, total, detail) {
      if (now() - last < PAUSE && value < total) return;
      last = now();
      stream.write(`${title} ${value}/${total} ${detail}\n`);
    },
    stop: () => undefined,
  };
}
