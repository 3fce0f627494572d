// The step of Adam. Ranges are of elements.

import { storeLanes } from "./lanes";

/**
 * `penalty` is the weight decay that joins the gradient, `decay` the decoupled one; at most one of them is not zero.
 * `unbias1` and `unbias2` are 1 / correction.
 */
export function adam(
  parameter: usize, gradient: usize, firstMoment: usize, secondMoment: usize,
  learningRate: f32, beta1: f32, oneLessBeta1: f32, beta2: f32, oneLessBeta2: f32, epsilon: f32,
  penalty: f32, decay: f32, unbias1: f32, unbias2: f32, start: u32, end: u32,
): void {
  for (let i = start; i < end; i += 4) {
    const o = i << 2;
    const p = v128.load(parameter + o);
    const g = f32x4.add(v128.load(gradient + o), f32x4.mul(f32x4.splat(penalty), p));
    const oldM = f32x4.mul(f32x4.splat(beta1), v128.load(firstMoment + o));
    const oldV = f32x4.mul(f32x4.splat(beta2), v128.load(secondMoment + o));
    const m = f32x4.add(oldM, f32x4.mul(f32x4.splat(oneLessBeta1), g));
    const v = f32x4.add(oldV, f32x4.mul(f32x4.splat(oneLessBeta2), f32x4.mul(g, g)));
    const scale = f32x4.add(f32x4.sqrt(f32x4.mul(v, f32x4.splat(unbias2))), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(m, f32x4.splat(unbias1)), scale);
    const change = f32x4.add(step, f32x4.mul(f32x4.splat(decay), p));
    const count = end - i;
    storeLanes(firstMoment + o, m, count);
    storeLanes(secondMoment + o, v, count);
    storeLanes(parameter + o, f32x4.sub(p, f32x4.mul(f32x4.splat(learningRate), change)), count);
  }
}
