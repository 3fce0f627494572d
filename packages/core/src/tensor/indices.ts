import type { Engine, IndexBuffer } from "../engine/engine.ts";

/** Index arrays on their engines: uploaded once, freed when the array is collected. */
const uploaded = new WeakMap<Engine, WeakMap<Uint32Array, IndexBuffer>>();

const collected = new FinalizationRegistry<{ engine: Engine; buffer: IndexBuffer }>(({ engine, buffer }) =>
  engine.free(buffer),
);

/**
 * The engine's copy of an index array, made when first asked for. The array must not be written to afterwards: neighborhoods and
 * sparse matrices are immutable for this reason.
 */
export function indexBuffer(engine: Engine, indices: Uint32Array): IndexBuffer {
  let ofEngine = uploaded.get(engine);
  if (ofEngine === undefined) {
    ofEngine = new WeakMap();
    uploaded.set(engine, ofEngine);
  }
  let buffer = ofEngine.get(indices);
  if (buffer === undefined) {
    buffer = engine.uploadIndices(indices);
    ofEngine.set(indices, buffer);
    collected.register(indices, { engine, buffer });
  }
  return buffer;
}
