import type { FloatBuffer } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";
import { EngineError } from "../errors.ts";
import { type Shape, sizeOf } from "./shapes.ts";
import { Storage } from "./storage.ts";
import { type Recorded, Tensor } from "./tensor.ts";

let recording = true;

/** Runs `body` without recording: what it computes has no gradient and keeps nothing alive. */
export function withoutGradient<T>(body: () => T): T {
  return withRecording(false, body);
}

/** Runs `body` with recording, for a gradient that computes something again to differentiate it. */
export function withGradient<T>(body: () => T): T {
  return withRecording(true, body);
}

function withRecording<T>(isRecording: boolean, body: () => T): T {
  const before = recording;
  recording = isRecording;
  try {
    return body();
  } finally {
    recording = before;
  }
}

/** A new operation on tensors: what the built-in ones are made with, and a plug-in's too. */
export interface Operation extends Recorded {
  /** The name that errors show. */
  readonly name: string;
  /** The shape of the result. */
  readonly shape: Shape;
  /** Runs kernels that fill `out`, a zeroed buffer as large as `shape` says. */
  readonly forward: (out: FloatBuffer, engine: Engine) => void;
}

/**
 * Computes an operation now, a tensor of the shape that it names, and records it for `backward()` if an input requires a gradient.
 *
 * @throws EngineError `mixed-engines` when the inputs live on different engines.
 */
export function record({ name, shape, inputs, forward, backward }: Operation): Tensor {
  const engine = commonEngine(name, inputs);
  const storage = new Storage(engine, engine.allocate(sizeOf(shape)));
  forward(storage.buffer, engine);
  const requiresGrad = recording && inputs.some((input) => input.requiresGrad);
  return new Tensor(storage, shape, requiresGrad, requiresGrad ? { inputs, backward } : undefined);
}

/** The same numbers in another shape, sharing the buffer. */
export function recordView(input: Tensor, shape: Shape, backward: Recorded["backward"]): Tensor {
  const requiresGrad = recording && input.requiresGrad;
  return new Tensor(input.storage, shape, requiresGrad, requiresGrad ? { inputs: [input], backward } : undefined);
}

function commonEngine(name: string, inputs: readonly Tensor[]): Engine {
  const engine = inputs[0]?.engine;
  if (engine === undefined) throw new EngineError("mixed-engines", `${name}: got no inputs; expected at least one.`);
  for (const input of inputs) {
    if (input.engine === engine) continue;
    throw new EngineError(
      "mixed-engines",
      `${name}: got tensors of the engines "${engine.name}" and "${input.engine.name}"; expected one engine. ` +
        "Make all tensors and modules with the same `engine` option.",
    );
  }
  return engine;
}
