import type { Neighborhood } from "../attention/neighborhood/neighborhood.ts";
import { sequences } from "../attention/neighborhood/sequences.ts";
import type { ImageCounts } from "./image-shape.ts";
import { recent } from "./recent.ts";

const withinRecent = recent<Neighborhood>();
const gatheringRecent = recent<Neighborhood>();

/** Each element attends to all elements of its own image. The same object for the same counts, as long as it is among the last eight. */
export function withinImages({ images, pixels }: ImageCounts): Neighborhood {
  return withinRecent([images, pixels], () => sequences(new Array<number>(images).fill(pixels)));
}

/**
 * Each image attends to its elements: receivers are the images, senders the elements. The same object for the same counts, as long as it is
 * among the last eight.
 */
export function imagesOverElements({ images, pixels }: Pick<ImageCounts, "images" | "pixels">): Neighborhood {
  return gatheringRecent([images, pixels], () =>
    sequences(new Array<number>(images).fill(1), { senders: new Array<number>(images).fill(pixels) }),
  );
}
