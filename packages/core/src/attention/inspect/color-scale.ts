/**
 * The scientific colour map "devon" (Crameri, 2018, doi 10.5281/zenodo.1243862; MIT licence), from its light end to its dark one, at equal
 * steps. Perceptually uniform, readable with every colour vision deficiency and in grey (Crameri, Shephard and Heron, 2020). Straight
 * lines between these nine differ from the published 256 colours by at most 4 of 255.
 */
const devon: readonly (readonly [red: number, green: number, blue: number])[] = [
  [255, 255, 255],
  [228, 226, 250],
  [202, 198, 244],
  [175, 170, 238],
  [126, 143, 221],
  [66, 114, 188],
  [41, 88, 143],
  [41, 56, 106],
  [44, 26, 76],
];

/** The colour of a share from 0 (white) to 1 (dark blue), as `#rrggbb`. */
export function sequentialColor(share: number): string {
  const place = share * (devon.length - 1);
  const below = Math.min(Math.floor(place), devon.length - 2);
  const [from, to] = [devon[below]!, devon[below + 1]!];
  const channels = from.map((channel, k) => Math.round(channel + (to[k]! - channel) * (place - below)));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
