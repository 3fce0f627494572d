import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { dangersIn, elementsOf } from "@vicinal/example-report/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../main.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-formula-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(name: string, ...more: string[]): Promise<{ folder: string; out: string; progress: string }> {
  const streams = { out: new PassThrough(), progress: new PassThrough() };
  const into = join(folder, name);
  expect(await main(["formula", "--examples", "200", "--epochs", "1", "--out", into, ...more], streams)).toBe(0);
  return { folder: into, out: String(streams.out.read() ?? ""), progress: String(streams.progress.read() ?? "") };
}

describe("the command that writes formulae", () => {
  it("tells how well it does, and draws where it looked", async () => {
    const { folder, out, progress } = await run("told");
    expect(progress).toContain("Training 1/1 epochs, loss");
    expect(out).toContain("hydrogens are not told");
    expect(out).toMatch(/network +\d+ %\n +atoms counted, hydrogens of the most alike +\d+ %/);
    expect(out.trimEnd().split("\n").at(-1)).toBe(`Alignment:   ${join(folder, "alignment.html")}`);
    expect(await readdir(folder)).toEqual(["alignment.html", "alignment.svg"]);
    expect(await readFile(join(folder, "alignment.svg"), "utf8")).toMatch(/^<svg .*written for /s);
    const html = await readFile(join(folder, "alignment.html"), "utf8");
    expect(dangersIn(html)).toEqual([]);
    const drawings = elementsOf(html).filter(({ tagName }) => tagName === "svg");
    const ids = drawings.flatMap(({ properties }) => properties["id"] ?? []);
    expect(ids.length).toBeGreaterThan(8);
    expect(new Set(ids).size).toBe(ids.length);
    // The policy of the page forbids styles that are not its own.
    expect(elementsOf(html).filter(({ properties }) => properties["style"] !== undefined)).toEqual([]);
    expect(elementsOf(html).filter(({ tagName }) => tagName === "style")).toHaveLength(1);
  });

  it("says only where the page is when it is to be quiet", async () => {
    const { folder, out, progress } = await run("quiet", "--quiet");
    expect(out).toBe(`${join(folder, "alignment.html")}\n`);
    expect(progress).toBe("");
  });
});
