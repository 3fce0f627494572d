import { describe, expect, it } from "vitest";
import { imagesOverElements, withinImages } from "./image-neighborhoods.ts";
import { imageCounts } from "./image-shape.ts";

const two = imageCounts("test", { rows: 1, columns: 3, images: 2 });
const three = imageCounts("test", { rows: 2, columns: 1, images: 3 });

describe("the neighborhoods of whole images", () => {
  it("let the elements of an image attend to each other, in runs", () => {
    const { senders, receivers, runs } = withinImages(two);
    expect([receivers, senders]).toEqual([6, 6]);
    expect([Array.from(runs!.starts), Array.from(runs!.ends)]).toEqual([
      [0, 0, 0, 3, 3, 3],
      [3, 3, 3, 6, 6, 6],
    ]);
  });

  it("let an image attend to its elements, in runs", () => {
    const { senders, receivers, runs } = imagesOverElements(two);
    expect([receivers, senders]).toEqual([2, 6]);
    expect([Array.from(runs!.starts), Array.from(runs!.ends)]).toEqual([
      [0, 3],
      [3, 6],
    ]);
  });

  it("are one object for the same counts, so that what is computed for them is kept", () => {
    for (const neighborhoodOf of [withinImages, imagesOverElements]) {
      const neighborhood = neighborhoodOf(two);
      expect(neighborhoodOf(three)).not.toBe(neighborhood);
      expect(neighborhoodOf({ ...two })).toBe(neighborhood);
    }
  });
});
