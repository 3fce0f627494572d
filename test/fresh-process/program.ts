/** Given QUESTION, FILE and INPUT, prints the answer of the model in FILE about what is in INPUT. */
import { readFile } from "node:fs/promises";
import { readModelFile } from "@vicinal/core/node";
import { answerOf, type Question } from "./answer.ts";

const questions: readonly Question[] = ["labels", "label sets", "links", "embeddings", "graphs", "molecules", "words"];
const [, , asked, file = "", input = ""] = process.argv;
const question = questions.find((each) => each === asked);
if (question === undefined) throw new Error(`expected one of ${questions.join(", ")}`);
console.log(await answerOf(question, await readModelFile(file), JSON.parse(await readFile(input, "utf8"))));
