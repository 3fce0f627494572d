/** Width of a character of the monospaced fonts below, in font sizes: that of the widest of them, so that nothing is cut off. */
const characterWidth = 0.63;
/** Of ideographs, Hangul and emoji, which a monospaced font takes from another. */
const wideCharacterWidth = 1.2;

/** Fonts whose characters have a known width, because a string cannot measure text. */
export const monospace = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an SVG document or attribute: markup is escaped, and what XML cannot hold is shown by a substitute. */
export function escapeText(text: string): string {
  return visibleControls(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A label that can be seen: one of nothing but spaces is drawn as an open box for each. */
export function visibleLabel(label: string): string {
  const visible = visibleControls(label);
  return /^\s*$/.test(label) ? visible.replace(/\s/g, "\u2423") : visible;
}

/** How wide text is at most, in font sizes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! >= 0x1100 ? wideCharacterWidth : characterWidth;
  return width;
}

/** Control characters as their pictures (Unicode block 2400); what has none, and halves of surrogate pairs, as the replacement character. */
function visibleControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : "\uFFFD";
  });
}
