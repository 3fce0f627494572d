/**
 * Colours that stay apart for normal vision and with the common kinds of colour blindness, and that stand out from a light and from a dark page.
 */
const distinct = ["#3d8be0", "#e69f00", "#2abaa4", "#ac5f94", "#d4b13f", "#80823f", "#9d8df1"] as const;

/** The colour of each class, as `#rrggbb`. From the eighth class on they come back darker: the legend must tell them apart. */
export function classColors(count: number): string[] {
  return Array.from({ length: count }, (_, c) => {
    const color = distinct[c % distinct.length]!;
    const strength = 0.6 ** Math.floor(c / distinct.length);
    return hex(channels(color).map((channel) => Math.round(channel * strength)));
  });
}

/** Steps of opacity: as many as the eye tells apart. */
const opacitySteps = 16;

/**
 * How solid a node is drawn: nearly clear where the answer is a guess among `classes`, solid where it is sure.
 *
 * @returns From 0.2 to 1.
 */
export function opacityOf(confidence: number, classes: number): number {
  const guess = 1 / Math.max(1, classes);
  const sureness = classes < 2 ? 1 : Math.min(1, Math.max(0, (confidence - guess) / (1 - guess)));
  return 0.2 + 0.8 * (Math.round(sureness * opacitySteps) / opacitySteps);
}

/** A colour with an opacity as sigma's programs blend it, as `rgba(…)`: each channel is multiplied by the opacity beforehand. */
export function premultiplied(color: string, opacity: number): string {
  const weighted = channels(color).map((channel) => Math.round(channel * opacity));
  return `rgba(${weighted.join(",")},${opacity.toFixed(3)})`;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
}

function hex(values: readonly number[]): string {
  return `#${values.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
