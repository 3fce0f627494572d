#!/usr/bin/env node
import { mainOf, startIfMain } from "@vicinal/example-terminal";
import { parseArguments } from "./arguments.ts";
import { formula } from "./formula/formula.ts";
import { predict } from "./predict.ts";
import { train } from "./train.ts";

export const main = mainOf({
  parse: parseArguments,
  async run(args, streams) {
    if (args.command === "train") await train(args, streams);
    else if (args.command === "predict") await predict(args, streams);
    else await formula(args, streams);
  },
});

await startIfMain(import.meta.url, main);
