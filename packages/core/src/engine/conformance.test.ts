import { describe, expect, it } from "vitest";
import type { FloatBuffer, IndexBuffer } from "./buffers.ts";
import { engineConformance } from "./conformance.ts";
import type { Engine } from "./engine.ts";
import type { KernelArguments, KernelName } from "./kernels.ts";
import { createReferenceEngine } from "./reference/reference.ts";

/** The reference engine with a flaw. */
class FlawedEngine implements Engine {
  readonly name = "flawed";
  readonly precision = "float64";
  readonly #inner = createReferenceEngine();
  readonly #flaw: (engine: Engine, name: KernelName, out: FloatBuffer | undefined) => void;

  constructor(flaw: (engine: Engine, name: KernelName, out: FloatBuffer | undefined) => void) {
    this.#flaw = flaw;
  }

  allocate = (length: number) => this.#inner.allocate(length);
  upload = (values: ArrayLike<number>) => this.#inner.upload(values);
  uploadIndices = (indices: Uint32Array) => this.#inner.uploadIndices(indices);
  write = (buffer: FloatBuffer, values: ArrayLike<number>) => this.#inner.write(buffer, values);
  readSync = (buffer: FloatBuffer) => this.#inner.readSync(buffer);
  read = (buffer: FloatBuffer) => this.#inner.read(buffer);
  free = (buffer: FloatBuffer | IndexBuffer) => this.#inner.free(buffer);
  memory = () => this.#inner.memory();
  resetPeak = () => this.#inner.resetPeak();

  run<Name extends KernelName>(name: Name, args: KernelArguments[Name]): void {
    this.#inner.run(name, args);
    this.#flaw(this, name, resultOf(args));
  }
}

/** A buffer that a kernel writes whole. */
function resultOf(args: KernelArguments[KernelName]): FloatBuffer | undefined {
  if ("out" in args) return args.out;
  if ("ofState" in args) return args.ofState;
  return "keyGradient" in args ? (args.keyGradient ?? undefined) : undefined;
}

const samples = 20;

/** The one case of the suite that a flaw has to be found by: all of them for each flaw take minutes. */
function caseOf(title: string, makeEngine: () => Engine): () => void {
  const found = engineConformance(makeEngine, { samples }).find(({ name }) => name === title);
  if (found === undefined) throw new Error(`The suite has no case ${title}.`);
  return found.run;
}

/** Changes the results of one kernel. */
function engineWith(flawed: KernelName, change: (values: Float64Array | Float32Array) => void): () => Engine {
  return () =>
    new FlawedEngine((engine, name, out) => {
      if (name !== flawed || out === undefined) return;
      const values = engine.readSync(out);
      change(values);
      engine.write(out, values);
    });
}

describe("the conformance suite", () => {
  for (const { name, run } of engineConformance(createReferenceEngine, { samples })) {
    it(`passes the reference engine: ${name}`, run);
  }

  it.each<KernelName>([
    "fill",
    "stridedCopy",
    "stridedAdd",
    "affine",
    "accumulate",
    "unary",
    "unaryGradient",
    "biasActivation",
    "biasActivationGradient",
    "binary",
    "reduce",
    "matmul",
    "sparseMatmul",
    "gatherRows",
    "segmentSum",
    "segmentSoftmax",
    "segmentSoftmaxGradient",
    "segmentEntmax",
    "segmentEntmaxGradient",
    "segmentHardmax",
    "edgeWeightedSum",
    "edgeDot",
    "headDots",
    "addHeadProducts",
    "headSums",
    "denseAttention",
    "denseAttentionGradient",
    "gruGates",
    "gruGatesGradient",
    "lstmGates",
    "lstmGatesGradient",
    "logSoftmax",
    "logSoftmaxGradient",
    "dropout",
  ])("finds a last number of %s that is off by 1e-3", (kernel) => {
    const off = engineWith(kernel, (values) => {
      if (values.length > 0) values[values.length - 1]! *= 1.001;
      if (values.length > 0) values[values.length - 1]! += 0.001;
    });
    expect(caseOf(`${kernel}: over ${samples} random shapes`, off)).toThrow(Error);
  });

  it("finds a kernel that leaves its output unwritten", () => {
    const unwritten = () =>
      new FlawedEngine((engine, name, out) => {
        if (name === "segmentSum" && out !== undefined)
          engine.write(out, new Float64Array(out.length).fill(Number.NaN));
      });
    expect(caseOf(`segmentSum: over ${samples} random shapes`, unwritten)).toThrow(Error);
  });

  it("finds NaN that is lost", () => {
    const deaf = engineWith("unary", (values) => {
      for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = 0;
    });
    expect(caseOf("unary: relu of special numbers", deaf)).toThrow(Error);
  });

  it("finds results that differ from run to run", () => {
    let run = 0;
    const restless = engineWith("edgeDot", (values) => {
      run++;
      if (values.length > 0) values[0]! += run * 1e-9;
    });
    expect(caseOf(`edgeDot: over ${samples} random shapes`, restless)).toThrow(Error);
  });

  it("finds a mask that is not that of keepsElement", () => {
    const shifted = engineWith("dropout", (values) => values.reverse());
    expect(caseOf("dropout: the mask is that of keepsElement, bit for bit", shifted)).toThrow(Error);
  });
});
