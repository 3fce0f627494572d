import { describe, expect, it } from "vitest";
import { Gate } from "./gate.ts";

describe("Gate", () => {
  it("is open at first", async () => {
    const gate = new Gate();
    expect(gate.isClosed).toBe(false);
    await gate.passed();
  });

  it("lets through once it is opened, and closes again", async () => {
    const gate = new Gate();
    gate.close();
    const events: string[] = [];
    const passing = gate.passed().then(() => events.push("passed"));
    await Promise.resolve();
    expect(events).toEqual([]);
    gate.open();
    await passing;
    expect(events).toEqual(["passed"]);
    gate.close();
    expect(gate.isClosed).toBe(true);
  });

  it("holds on where it was opened and closed at once", async () => {
    const gate = new Gate();
    gate.close();
    let hasPassed = false;
    const passing = gate.passed().then(() => {
      hasPassed = true;
    });
    gate.open();
    gate.close();
    await new Promise((resolve) => setTimeout(resolve));
    expect(hasPassed).toBe(false);
    gate.open();
    await passing;
  });
});
