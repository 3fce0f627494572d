/** Something that a person can mend, in a sentence that the page shows as it is. */
export class PageProblem extends Error {
  override readonly name = "PageProblem";
}

export function problem(sentence: string): PageProblem {
  return new PageProblem(sentence);
}
