import { givenLabel, knownLabel, testLabel } from "@vicinal/example-graph-files";
import { describe, expect, it } from "vitest";
import { readNamedDataSet } from "./named-data-set.ts";

describe.skipIf(!process.env["VICINAL_DATA"])(
  "readNamedDataSet (set VICINAL_DATA to a folder of data sets to run it)",
  () => {
    it("gives Cora with the labels of the published split, and no others", async () => {
      const input = await readNamedDataSet("cora", () => undefined);
      const nodes = input.graph.nodes();
      expect(nodes).toHaveLength(2708);
      expect(nodes.filter((node) => input.split?.(node) === "train")).toHaveLength(140);
      expect(nodes.filter((node) => knownLabel(input, node) !== undefined)).toHaveLength(140 + 500);
      expect(nodes.filter((node) => testLabel(input, node) !== undefined)).toHaveLength(1000);
      expect(nodes.filter((node) => givenLabel(input, node) !== undefined)).toHaveLength(1640);
      expect(input.features).toEqual(["features"]);
    });
  },
);
