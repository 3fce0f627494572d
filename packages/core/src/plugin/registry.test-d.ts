/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import type { Normalizer } from "../attention/normalize/normalizer.ts";
import { defineScore, type Score } from "../attention/score/score.ts";
import { Linear } from "../nn/linear.ts";
import type { Random } from "../random.ts";
import { corePlugin } from "./core-plugin.ts";
import { createRegistry } from "./create-registry.ts";
import { definePlugin } from "./define-plugin.ts";
import type { Plugin } from "./plugin.ts";
import type { Registry } from "./registry.ts";

declare const random: Random;
declare const someName: string;

const shifted = definePlugin({
  name: "shifted",
  version: "1.0.0",
  needs: { "@vicinal/core": "^0.1.0" },
  scores: {
    shifted: ({ by }: { readonly by: number }) =>
      defineScore("shifted", {
        parameters: { a: "vector" },
        score: ({ query, key, a }) => a.dot(query.add(key).add(by)),
      }),
  },
  layers: {
    projection: ({ inputs, outputs }: { readonly inputs: number; readonly outputs: number; readonly bias?: boolean }) =>
      new Linear(inputs, outputs, { random }),
  },
});

const registry = createRegistry([corePlugin, shifted]);

export function whatAPluginHasKeepsItsTypes(): void {
  const score: Score<{ a: "vector" }> = registry.score("shifted", { by: 1 });
  const other: Score<{ source: "vector"; target: "vector" }> = registry.score("additive");
  const normalizer: Normalizer = registry.normalizer("softmax", { temperature: 2 });
  const layer: Linear = registry.layer("projection", { inputs: 2, outputs: 3 });
  // @ts-expect-error: another score's parameters
  const wrong: Score<{ b: "vector" }> = registry.score("shifted", { by: 1 });
  for (const each of [score, other, normalizer, layer, wrong]) console.log(each);
}

export function namesAndOptionsAreChecked(): void {
  // @ts-expect-error: no such score
  registry.score("shiftd", { by: 1 });
  // @ts-expect-error: a name that is known at run time only
  registry.score(someName);
  // @ts-expect-error: a score, and no layer
  registry.layer("shifted", { by: 1 });
  // @ts-expect-error: `by` is needed
  registry.score("shifted");
  // @ts-expect-error: `by` is a number
  registry.score("shifted", { by: "1" });
  // @ts-expect-error: no such option
  registry.normalizer("softmax", { temprature: 2 });
  // @ts-expect-error: it has no options
  registry.score("dot", { by: 1 });
  // @ts-expect-error: `outputs` is needed
  registry.layer("projection", { inputs: 2 });
  // @ts-expect-error: no plug-in here has layers
  createRegistry([corePlugin]).layer("projection", { inputs: 2, outputs: 3 });
}

export function namesThatAreKnownAtRunTimeAreMadeToo(): Score {
  const some: Registry = registry;
  const plugins: readonly Plugin[] = [corePlugin, shifted];
  createRegistry(plugins).score(someName, { by: 1 });
  return some.make("scores", someName, { by: 1 });
}

export function fieldsAreChecked(): void {
  // @ts-expect-error: no version
  definePlugin({ name: "a" });
  // @ts-expect-error: no such field
  definePlugin({ name: "a", version: "1.0.0", layer: {} });
  // @ts-expect-error: a version is text
  definePlugin({ name: "a", version: 1 });
  const score = defineScore("a", { parameters: {}, score: ({ query }) => query.sum() });
  // @ts-expect-error: a score is made by a function
  definePlugin({ name: "a", version: "1.0.0", scores: { a: score } });
  // @ts-expect-error: no score
  definePlugin({ name: "a", version: "1.0.0", scores: { a: () => 1 } });
  // @ts-expect-error: a module is no score
  definePlugin({ name: "a", version: "1.0.0", scores: { a: () => new Linear(1, 1, { random }) } });
}
