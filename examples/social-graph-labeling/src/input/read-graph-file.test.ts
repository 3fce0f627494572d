import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GraphFileError } from "@vicinal/example-graph-files";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGraphFile } from "./read-graph-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-graphs-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("readGraphFile", () => {
  it("reads a graph from the disk, with the table of nodes beside it", async () => {
    const graph = await fileWith("friends.csv", "source,target\n1,2\n2,3\n");
    const nodes = await fileWith("people.csv", "node,label,team\n1,Ännchen,red\n2,Ben,\n");
    const input = await readGraphFile({ graph, nodes, label: "team", features: ["age"], weight: "strength" });
    expect(input.graph.nodes()).toEqual(["1", "2", "3"]);
    expect(input).toMatchObject({ title: "friends.csv", label: "team", features: ["age"], edgeWeight: "strength" });
    expect(input.nodeName("1")).toBe("Ännchen");
  });

  it("refuses a file that does not hold what its ending promises, and names its path", async () => {
    const path = await fileWith("text.gexf", "source,target\n1,2\n");
    const error = await readGraphFile({ graph: path, label: "team" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GraphFileError);
    expect(error).toMatchObject({ code: "unreadable-graph", message: expect.stringContaining(path) });
  });

  it.each([
    ["a file that is not there", { graph: "nowhere.gexf" }, "missing-file"],
    ["an unknown ending, before it looks for the file", { graph: "graph.xlsx" }, "unknown-format"],
    ["a table of nodes beside a file that has its own", { graph: "a.gexf", nodes: "b.csv" }, "unknown-format"],
  ])("refuses %s", async (_what, options, code) => {
    await expect(readGraphFile({ ...options, label: "team" })).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(options.graph) }),
    );
  });
});
