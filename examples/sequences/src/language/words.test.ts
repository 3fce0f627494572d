import { describe, expect, it } from "vitest";
import { languages, wordsOf } from "./words.ts";

describe("the words", () => {
  it.each(languages)("of %s are 250, each once", (language) => {
    expect(wordsOf[language]).toHaveLength(250);
    expect(new Set(wordsOf[language]).size).toBe(250);
  });

  it("have four letters at least, from a to z alone", () => {
    const every = languages.flatMap((language) => wordsOf[language]);
    expect(every.filter((word) => !/^[a-z]{4,}$/.test(word))).toEqual([]);
  });

  it("are in one list each", () => {
    const seen = new Map<string, string>();
    for (const language of languages) {
      for (const word of wordsOf[language]) {
        expect(seen.get(word), word).toBeUndefined();
        seen.set(word, language);
      }
    }
  });
});
