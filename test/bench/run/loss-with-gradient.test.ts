import { backward, multiply, parameter, scope, tensor } from "@vicinal/core";
import { expect, it } from "vitest";
import { lossWithGradient } from "./loss-with-gradient.ts";

it("brings the gradient that it is given, each time", () => {
  const x = parameter([1, 2, 3], [3]);
  const upstream = tensor([4, 5, 6], [3]);
  for (const times of [1, 2]) {
    scope(() => backward(lossWithGradient(multiply(x, x), upstream)));
    expect(Array.from(x.grad?.dataSync() ?? [])).toEqual([8, 20, 36].map((value) => times * value));
    expect(Array.from(upstream.dataSync())).toEqual([4, 5, 6]);
  }
});
