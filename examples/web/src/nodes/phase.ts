import type { Report, Request } from "./protocol.ts";

/**
 * What the page is at:
 *
 * - `opening`: a graph is read, nothing else can be asked;
 * - `ready`: a graph is open, and no network;
 * - `training`, `pausing`, `paused`, `stopping`: a network is in the making;
 * - `trained`: a network answers.
 */
export type Phase = "opening" | "ready" | "training" | "pausing" | "paused" | "stopping" | "trained";

/** What the page is at once something was asked of the worker. */
export function phaseAfterRequest(phase: Phase, request: Request["kind"]): Phase {
  switch (request) {
    case "open-karate-club":
    case "open-communities":
    case "open-files":
      return "opening";
    case "train":
      return "training";
    case "pause":
      return phase === "training" ? "pausing" : phase;
    case "stop":
      return phase === "training" || phase === "paused" || phase === "pausing" ? "stopping" : phase;
    default:
      return phase;
  }
}

/**
 * What the page is at once the worker told something.
 *
 * @param before What it was at before a graph began to be read: that is what a file that cannot be read leaves.
 */
export function phaseAfterReport(phase: Phase, report: Report, before: Phase): Phase {
  switch (report.kind) {
    case "opened":
      return "ready";
    case "paused":
      return phase === "pausing" ? "paused" : phase;
    case "resumed":
      return phase === "paused" || phase === "pausing" ? "training" : phase;
    case "finished":
    case "model-opened":
      return "trained";
    case "failed":
      return phaseAfterFailure(phase, report.during, before);
    default:
      return phase;
  }
}

/** What cannot be asked now. */
export function isAllowed(phase: Phase, request: Request["kind"]): boolean {
  switch (request) {
    case "train":
    case "open-model":
      return phase === "ready" || phase === "trained";
    case "pause":
      return phase === "training";
    case "resume":
      return phase === "paused";
    case "stop":
      return phase === "training" || phase === "paused" || phase === "pausing";
    case "export":
      return phase === "trained";
    case "inspect":
      return phase !== "opening" && phase !== "ready";
    default:
      return phase === "ready" || phase === "trained";
  }
}

function phaseAfterFailure(phase: Phase, during: Request["kind"], before: Phase): Phase {
  switch (during) {
    case "open-karate-club":
    case "open-communities":
    case "open-files":
      return before;
    case "train":
      return "ready";
    default:
      return phase;
  }
}
