/**
 * Text for a terminal: names come from files, and may hold characters that move the cursor, colour the screen or turn the direction
 * of reading.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\uFFFD");
}
