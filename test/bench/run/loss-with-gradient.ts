import { record, type Tensor } from "@vicinal/core";

/**
 * A number whose gradient with respect to `out` is `upstream`: what the layers above would bring, without computing them. The others are
 * given that gradient as well.
 */
export function lossWithGradient(out: Tensor, upstream: Tensor): Tensor {
  return record({
    name: "lossWithGradient",
    shape: [1],
    inputs: [out],
    forward: () => {},
    backward: () => [upstream],
  });
}
