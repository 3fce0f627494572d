import { describe, expect, it } from "vitest";
import { measureSize } from "./size/measure-size.ts";

/**
 * Pages and what they may weigh in bytes, gzipped. `goal` is what is promised; `most` is what has been reached, and may only fall.
 * What is written after `globalThis` keeps a bundler from dropping what nobody uses.
 */
const pages = [
  {
    title: "trains a GAT on a graphology graph by hand",
    source: `
      import { adam, Random } from "@vicinal/core";
      import { fit, GAT, neighborhoodOf, NodeClassification } from "@vicinal/graph";
      globalThis.page = { adam, Random, fit, GAT, neighborhoodOf, NodeClassification };`,
    goal: 60_000,
    most: 54_700,
  },
  {
    title: "trains a GAT on a graphology graph by labelNodes",
    source: 'import { labelNodes } from "@vicinal/graph"; globalThis.page = labelNodes;',
    goal: 60_000,
    most: 66_500,
  },
  {
    title: "has all that @vicinal/core exports, to which @vicinal/core/reference, /testing and /node do not belong",
    source: 'import * as core from "@vicinal/core"; globalThis.page = { ...core };',
    goal: 100_000,
    most: 99_500,
  },
] as const;

const inKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

describe("what a page ships of ours, gzipped, when it", () => {
  it.each(pages)("$title", async ({ title, source, goal, most }) => {
    const { first, later, folders } = await measureSize(source);
    const total = folders.reduce((sum, [, characters]) => sum + characters, 0);
    const rows = folders
      .slice(0, 12)
      .map(([folder, characters]) => `    ${`${((100 * characters) / total).toFixed(1)} %`.padStart(7)}  ${folder}`);
    process.stdout.write(
      `  a page that ${title}: ${inKilobytes(first)}, and ${inKilobytes(later)} when it is asked for; ` +
        `${first <= goal ? "within" : "more than"} the ${inKilobytes(goal)} that are promised\n${rows.join("\n")}\n`,
    );
    expect(first).toBeLessThanOrEqual(most);
  });
});
