import { madeUpLabeling } from "@vicinal/example-graph-files/testing";
import { describe, expect, it } from "vitest";
import { readKarateClub } from "../input/karate-club.ts";
import { lookOf } from "./node-look.ts";
import { createScene } from "./scene.ts";

describe("lookOf", () => {
  it("gives each node the colour and the place of the picture, upside down", () => {
    const input = readKarateClub();
    const labeling = madeUpLabeling(input);
    const scene = createScene(input, labeling, 0);
    const look = lookOf(scene, labeling);
    for (const { key, color, x, y } of scene.nodes) {
      expect(look.color(key)).toBe(color);
      expect(look.place?.(key)).toEqual({ x, y: -y });
    }
    expect(look.place?.("somebody else")).toBeUndefined();
  });
});
