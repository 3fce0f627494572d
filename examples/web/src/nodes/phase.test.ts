import { describe, expect, it } from "vitest";
import { isAllowed, type Phase, phaseAfterReport, phaseAfterRequest } from "./phase.ts";
import type { Report } from "./protocol.ts";

const failed = (during: Extract<Report, { kind: "failed" }>["during"]): Report => ({
  kind: "failed",
  during,
  message: "No.",
});
const phases: readonly Phase[] = ["opening", "ready", "training", "pausing", "paused", "stopping", "trained"];

describe("the phases of the page", () => {
  it("goes from training to paused and back, and to the end", () => {
    let phase = phaseAfterRequest("ready", "train");
    expect(phase).toBe("training");
    phase = phaseAfterRequest(phase, "pause");
    expect(phase).toBe("pausing");
    phase = phaseAfterReport(phase, { kind: "paused", epoch: 3 }, "ready");
    expect(phase).toBe("paused");
    phase = phaseAfterReport(phase, { kind: "resumed" }, "ready");
    expect(phase).toBe("training");
    expect(phaseAfterRequest(phase, "stop")).toBe("stopping");
  });

  it("leaves what was there when a file cannot be read", () => {
    for (const before of ["ready", "trained"] as const) {
      expect(phaseAfterReport(phaseAfterRequest(before, "open-files"), failed("open-files"), before)).toBe(before);
    }
  });

  it("is ready again when training goes wrong, and stays what it is when an export does", () => {
    expect(phaseAfterReport("training", failed("train"), "ready")).toBe("ready");
    expect(phaseAfterReport("trained", failed("export"), "ready")).toBe("trained");
    expect(phaseAfterReport("trained", failed("open-model"), "ready")).toBe("trained");
  });

  it("does not pause a run that has ended meanwhile", () => {
    expect(phaseAfterRequest("trained", "pause")).toBe("trained");
    expect(phaseAfterReport("stopping", { kind: "paused", epoch: 1 }, "ready")).toBe("stopping");
  });

  it("allows in each phase what makes sense there", () => {
    const allowedIn = (request: Parameters<typeof isAllowed>[1]) => phases.filter((phase) => isAllowed(phase, request));
    expect(allowedIn("train")).toEqual(["ready", "trained"]);
    expect(allowedIn("open-files")).toEqual(["ready", "trained"]);
    expect(allowedIn("open-model")).toEqual(["ready", "trained"]);
    expect(allowedIn("pause")).toEqual(["training"]);
    expect(allowedIn("resume")).toEqual(["paused"]);
    expect(allowedIn("stop")).toEqual(["training", "pausing", "paused"]);
    expect(allowedIn("export")).toEqual(["trained"]);
    expect(allowedIn("inspect")).toEqual(["training", "pausing", "paused", "stopping", "trained"]);
  });
});
