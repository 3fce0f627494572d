import { mixed } from "./mixed.ts";

/**
 * Seven colours that stay apart for normal vision and with protan, deutan and tritan colour blindness (at least 0.09 in OKLab, by
 * Machado's simulation), from the grey of doubt as well, and light enough for dark text on a light and on a dark page.
 */
const distinct = ["#3d8be0", "#e69f00", "#2abaa4", "#ac5f94", "#efce6f", "#80823f", "#b3a7fb"] as const;

/** What colours fade to as a prediction gets less sure. */
export const doubt = "#c4c8ce";

/** One colour a class. From the eighth class on, colours come back darker and then paler: the legend must tell them apart. */
export function classColors(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const color = distinct[index % distinct.length]!;
    const round = Math.floor(index / distinct.length);
    if (round === 0) return color;
    return round % 2 === 1 ? mixed(color, "#000000", 0.45) : mixed(color, "#ffffff", 0.5);
  });
}

/** The colour of a node: that of its class when the prediction is sure, greyer the closer `confidence` is to a guess. */
export function nodeColor(classColor: string, confidence: number, classes: number): string {
  const guess = 1 / classes;
  const sureness = classes > 1 ? Math.min(1, Math.max(0, (confidence - guess) / (1 - guess))) : 1;
  return mixed(doubt, classColor, 0.3 + 0.7 * sureness);
}
