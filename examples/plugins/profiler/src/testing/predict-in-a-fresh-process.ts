/** Given FILE and, if it is to be done without, the name of a plug-in: what the network of a file says, or why it cannot be loaded without a plug-in. */
import { corePlugin, createRegistry, loadModel } from "@vicinal/core";
import { readModelFile } from "@vicinal/core/node";
import { distanceDecayPlugin } from "@vicinal/example-plugin-distance-decay";
import { egatPlugin } from "@vicinal/example-plugin-egat";
import { graphPlugin } from "@vicinal/graph";
import { profilerPlugin } from "../index.ts";
import { answerOf, everything } from "./two-mechanisms.ts";

const [, file = "", without = ""] = process.argv;
const bytes = await readModelFile(file);
if (without === "") {
  const engine = everything.engine("profiling");
  const { model } = loadModel(bytes, { registry: everything, engine });
  console.log(answerOf(model, engine));
} else {
  const others = [egatPlugin, distanceDecayPlugin, profilerPlugin].filter(({ name }) => name !== without);
  try {
    loadModel(bytes, { registry: createRegistry([corePlugin, graphPlugin, ...others]) });
  } catch (error) {
    console.log(String(error));
  }
}
