/** Every conformance suite by the test runner of Node itself, as a plug-in's author may run them. */
import { test } from "node:test";
import { createWasmEngine, defineScore, softmaxNormalizer } from "@vicinal/core";
import { engineConformance, normalizerConformance, scoreConformance } from "@vicinal/core/testing";
import { GATv2Conv } from "@vicinal/graph";
import { layerConformance } from "@vicinal/graph/testing";

const plain = () => defineScore("plain", { parameters: {}, score: ({ query, key }) => query.dot(key) });
for (const { name, run } of scoreConformance(plain)) test(name, run);
for (const { name, run } of normalizerConformance(() => softmaxNormalizer())) test(name, run);
for (const { name, run } of engineConformance(createWasmEngine)) test(name, run);
for (const { name, run } of layerConformance(
  ({ inputs, random, engine }) => new GATv2Conv(inputs, 2, { random, engine }),
  {
    sides: "two",
  },
)) {
  test(name, run);
}
