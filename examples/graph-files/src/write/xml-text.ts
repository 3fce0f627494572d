/**
 * Text without the characters that XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets): names come from files that nobody has
 * checked. Control characters are shown by their pictures, so that different names stay different.
 */
export function xmlText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x09 || code === 0x0a || code === 0x0d || (code >= 0x7f && code <= 0x9f)) return character;
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\uFFFD";
  });
}
