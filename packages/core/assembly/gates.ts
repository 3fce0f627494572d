// The gates of recurrent cells: what follows the products of a step, and its derivative. Ranges are of rows, whose numbers are those of
// the gates one after the other; vectors run over the numbers of one gate.

import { sigmoid, tanh } from "./functions";
import { storeLanes } from "./lanes";

/** What a gate reads of the input, with its bias. */
@inline
function sum(x: usize, bias: usize): v128 {
  return f32x4.add(v128.load(x), v128.load(bias));
}

/** The derivative of the sigmoid where its value is `y`. */
@inline
function sigmoidSlope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}

/** The derivative of the hyperbolic tangent where its value is `y`. */
@inline
function tanhSlope(y: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}

/** `gates` is 0 where they are not kept. */
export function gruGates(
  fromInput: usize, biasInput: usize, fromState: usize, biasState: usize, previous: usize, out: usize, gates: usize,
  hidden: u32, start: u32, end: u32,
): void {
  const part = hidden << 2;
  fromInput += start * 3 * part;
  fromState += start * 3 * part;
  previous += start * part;
  out += start * part;
  let kept = gates + start * 4 * part;
  for (let row = start; row < end; row++) {
    for (let c: u32 = 0; c < part; c += 16) {
      const lanes = (part - c) >> 2;
      const x = fromInput + c;
      const s = fromState + c;
      const bx = biasInput + c;
      const bs = biasState + c;
      const reset = sigmoid(f32x4.add(sum(x, bx), sum(s, bs)));
      const update = sigmoid(f32x4.add(sum(x + part, bx + part), sum(s + part, bs + part)));
      const ofState = sum(s + 2 * part, bs + 2 * part);
      const candidate = tanh(f32x4.add(sum(x + 2 * part, bx + 2 * part), f32x4.mul(reset, ofState)));
      const before = v128.load(previous + c);
      storeLanes(out + c, f32x4.add(candidate, f32x4.mul(update, f32x4.sub(before, candidate))), lanes);
      if (gates != 0) {
        storeLanes(kept + c, reset, lanes);
        storeLanes(kept + part + c, update, lanes);
        storeLanes(kept + 2 * part + c, candidate, lanes);
        storeLanes(kept + 3 * part + c, ofState, lanes);
      }
    }
    fromInput += 3 * part;
    fromState += 3 * part;
    previous += part;
    out += part;
    kept += 4 * part;
  }
}

export function gruGatesGradient(
  gates: usize, previous: usize, gradient: usize, ofInput: usize, ofState: usize, ofPrevious: usize,
  hidden: u32, start: u32, end: u32,
): void {
  const part = hidden << 2;
  gates += start * 4 * part;
  previous += start * part;
  gradient += start * part;
  ofInput += start * 3 * part;
  ofState += start * 3 * part;
  ofPrevious += start * part;
  for (let row = start; row < end; row++) {
    for (let c: u32 = 0; c < part; c += 16) {
      const lanes = (part - c) >> 2;
      const reset = v128.load(gates + c);
      const update = v128.load(gates + part + c);
      const candidate = v128.load(gates + 2 * part + c);
      const fromState = v128.load(gates + 3 * part + c);
      const g = v128.load(gradient + c);
      const rest = f32x4.sub(f32x4.splat(1), update);
      const dCandidate = f32x4.mul(f32x4.mul(g, rest), tanhSlope(candidate));
      const difference = f32x4.sub(v128.load(previous + c), candidate);
      const dUpdate = f32x4.mul(f32x4.mul(g, difference), f32x4.mul(update, rest));
      const dReset = f32x4.mul(f32x4.mul(dCandidate, fromState), sigmoidSlope(reset));
      storeLanes(ofInput + c, dReset, lanes);
      storeLanes(ofInput + part + c, dUpdate, lanes);
      storeLanes(ofInput + 2 * part + c, dCandidate, lanes);
      storeLanes(ofState + c, dReset, lanes);
      storeLanes(ofState + part + c, dUpdate, lanes);
      storeLanes(ofState + 2 * part + c, f32x4.mul(dCandidate, reset), lanes);
      storeLanes(ofPrevious + c, f32x4.mul(g, update), lanes);
    }
    gates += 4 * part;
    previous += part;
    gradient += part;
    ofInput += 3 * part;
    ofState += 3 * part;
    ofPrevious += part;
  }
}

/** `gates` is 0 where they are not kept. A state is `h`, then `c`. */
export function lstmGates(
  fromInput: usize, biasInput: usize, fromState: usize, biasState: usize, previous: usize, out: usize, gates: usize,
  hidden: u32, start: u32, end: u32,
): void {
  const part = hidden << 2;
  fromInput += start * 4 * part;
  fromState += start * 4 * part;
  previous += start * 2 * part;
  out += start * 2 * part;
  let kept = gates + start * 4 * part;
  for (let row = start; row < end; row++) {
    for (let c: u32 = 0; c < part; c += 16) {
      const lanes = (part - c) >> 2;
      const x = fromInput + c;
      const s = fromState + c;
      const bx = biasInput + c;
      const bs = biasState + c;
      const input = sigmoid(f32x4.add(sum(x, bx), sum(s, bs)));
      const forget = sigmoid(f32x4.add(sum(x + part, bx + part), sum(s + part, bs + part)));
      const candidate = tanh(f32x4.add(sum(x + 2 * part, bx + 2 * part), sum(s + 2 * part, bs + 2 * part)));
      const output = sigmoid(f32x4.add(sum(x + 3 * part, bx + 3 * part), sum(s + 3 * part, bs + 3 * part)));
      const before = v128.load(previous + part + c);
      const cell = f32x4.add(f32x4.mul(forget, before), f32x4.mul(input, candidate));
      storeLanes(out + c, f32x4.mul(output, tanh(cell)), lanes);
      storeLanes(out + part + c, cell, lanes);
      if (gates != 0) {
        storeLanes(kept + c, input, lanes);
        storeLanes(kept + part + c, forget, lanes);
        storeLanes(kept + 2 * part + c, candidate, lanes);
        storeLanes(kept + 3 * part + c, output, lanes);
      }
    }
    fromInput += 4 * part;
    fromState += 4 * part;
    previous += 2 * part;
    out += 2 * part;
    kept += 4 * part;
  }
}

export function lstmGatesGradient(
  gates: usize, previous: usize, state: usize, gradient: usize, ofSums: usize, ofPrevious: usize,
  hidden: u32, start: u32, end: u32,
): void {
  const part = hidden << 2;
  gates += start * 4 * part;
  previous += start * 2 * part;
  state += start * 2 * part;
  gradient += start * 2 * part;
  ofSums += start * 4 * part;
  ofPrevious += start * 2 * part;
  for (let row = start; row < end; row++) {
    for (let c: u32 = 0; c < part; c += 16) {
      const lanes = (part - c) >> 2;
      const input = v128.load(gates + c);
      const forget = v128.load(gates + part + c);
      const candidate = v128.load(gates + 2 * part + c);
      const output = v128.load(gates + 3 * part + c);
      const exposed = tanh(v128.load(state + part + c));
      const g = v128.load(gradient + c);
      const through = f32x4.mul(f32x4.mul(g, output), tanhSlope(exposed));
      const dCell = f32x4.add(v128.load(gradient + part + c), through);
      const before = v128.load(previous + part + c);
      storeLanes(ofSums + c, f32x4.mul(f32x4.mul(dCell, candidate), sigmoidSlope(input)), lanes);
      storeLanes(ofSums + part + c, f32x4.mul(f32x4.mul(dCell, before), sigmoidSlope(forget)), lanes);
      storeLanes(ofSums + 2 * part + c, f32x4.mul(f32x4.mul(dCell, input), tanhSlope(candidate)), lanes);
      storeLanes(ofSums + 3 * part + c, f32x4.mul(f32x4.mul(g, exposed), sigmoidSlope(output)), lanes);
      storeLanes(ofPrevious + c, f32x4.splat(0), lanes);
      storeLanes(ofPrevious + part + c, f32x4.mul(dCell, forget), lanes);
    }
    gates += 4 * part;
    previous += 2 * part;
    state += 2 * part;
    gradient += 2 * part;
    ofSums += 4 * part;
    ofPrevious += 2 * part;
  }
}
