import { VicinalError } from "@vicinal/core";

/** What the messages of functions begin with: a name in camel case, that of a class, or of a part of the library. */
const functionName = /^(?:[a-z]+(?:[A-Z][a-z]*)+|[A-Z][A-Za-z]+|node features|fit|save): /;

/** A name of a file keeps its case. */
const fileName = /^\S+\.[a-z0-9]+\b/i;

/** What went wrong, as a sentence for the reader of the page: without the name of the function that noticed. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const told = error instanceof VicinalError ? message.replace(functionName, "") : message;
  const text = told.replace(/\s+/g, " ").trim();
  if (text === "") return "Something went wrong, and nothing said what. Try again.";
  const sentence = fileName.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
