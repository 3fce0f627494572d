import { createHash } from "node:crypto";
import type { LabeledGraph } from "@vicinal/example-graph-files";
import { hostileGraph, hostileNames, madeUpLabeling } from "@vicinal/example-graph-files/testing";
import { elementsOf, textOf } from "@vicinal/example-report/testing";
import type { Element } from "hast";
import { beforeAll, describe, expect, it } from "vitest";
import { readKarateClub } from "../input/karate-club.ts";
import { createScene } from "../picture/scene.ts";
import { evaluate, NOTHING_HELD_OUT } from "../result/evaluation.ts";
import { headingOf } from "../result/heading.ts";
import { mostAttended } from "../result/most-attended.ts";
import { createReport } from "./report.ts";

async function reportOn(input: LabeledGraph): Promise<string> {
  const labeling = madeUpLabeling(input, { wrongEvery: 3 });
  const evaluation = evaluate(input, labeling);
  return createReport({
    heading: headingOf(input, labeling, evaluation),
    scene: createScene(input, labeling, 0),
    labeling,
    evaluation,
    mostAttended: mostAttended(labeling.attention, 10),
    input,
  });
}

function policyOf(elements: readonly Element[]): string {
  const meta = elements.find(({ tagName, properties }) => tagName === "meta" && properties["httpEquiv"] !== undefined);
  return String(meta?.properties["content"]);
}

describe("createReport", () => {
  let html = "";
  let elements: Element[] = [];
  beforeAll(async () => {
    html = await reportOn(readKarateClub());
    elements = elementsOf(html);
  });
  const named = (tagName: string) => elements.filter((element) => element.tagName === tagName);

  it("shows the scores, the confusion, the training, the attention and the choices", () => {
    expect(named("h2").map(textOf)).toEqual([
      "Accuracy",
      "Confusion",
      "Training",
      "Most attended edges",
      "What was chosen, and why",
    ]);
    const cells = [...named("td"), ...named("th")].map(textOf);
    expect(cells).toEqual(expect.arrayContaining(["Majority class", "Label propagation", "gatv2", "Mr. Hi"]));
  });

  it("holds a still picture for where there is no WebGL, and the data for where there is", () => {
    expect(named("svg").some(({ properties }) => properties["className"]?.toString().includes("picture"))).toBe(true);
    const data = elements.find(({ properties }) => properties["id"] === "scene")!;
    expect(JSON.parse(textOf(data)).nodes).toHaveLength(34);
  });

  it("needs nothing from outside, and forbids it", () => {
    const references = elements.flatMap(({ properties }) => [
      properties["src"],
      properties["href"],
      properties["xLinkHref"],
    ]);
    expect(references.filter((reference) => reference !== undefined)).toEqual([]);
    expect(named("link")).toEqual([]);
    for (const style of named("style")) expect(textOf(style)).not.toMatch(/url\(|@import/);
    expect(elements.filter(({ properties }) => properties["style"] !== undefined)).toEqual([]);
    expect(policyOf(elements)).toContain("default-src 'none'");
  });

  it("lets the browser run its own script and style, by their hashes, and no others", () => {
    const policy = policyOf(elements);
    const script = named("script").filter(({ properties }) => properties["type"] === undefined);
    expect(script).toHaveLength(1);
    for (const own of [...script, ...named("style")]) {
      expect(policy).toContain(createHash("sha256").update(textOf(own)).digest("base64"));
    }
    expect(policy).not.toContain("unsafe");
  });

  it("does without an evaluation where no labels were held out", async () => {
    const input = readKarateClub();
    const { split: _split, ...all } = input;
    const report = await reportOn({ ...all, label: (node) => (node === "0" ? "a" : node === "33" ? "b" : undefined) });
    expect(elementsOf(report).map(textOf)).toContain(NOTHING_HELD_OUT);
  });

  it("writes hostile names as text: no element, handler or script comes of them", async () => {
    const safe = await reportOn(hostileGraph());
    const tags = new Set(elementsOf(safe).map(({ tagName }) => tagName));
    expect(tags.has("img")).toBe(false);
    expect(tags.has("b")).toBe(false);
    const own = elementsOf(safe);
    expect(own.filter(({ tagName }) => tagName === "script")).toHaveLength(2);
    for (const { properties } of own) {
      expect(Object.keys(properties).filter((property) => /^on/i.test(property))).toEqual([]);
    }
    const data = own.find(({ properties }) => properties["id"] === "scene")!;
    const names: unknown[] = JSON.parse(textOf(data)).nodes.map(({ name }: { name: unknown }) => name);
    expect(names).toEqual([...hostileNames]);
  });
});
