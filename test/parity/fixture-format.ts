import { readFileSync } from "node:fs";
import * as z from "zod";

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Numbers in row-major order; a scalar has shape `[]`. */
export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const count = z.int().nonnegative();

/** Index lists: node numbers, segment numbers. */
export const indices: z.ZodType<readonly number[]> = z.array(count).readonly();

/** A tensor whose data fills its shape. Its numbers are finite: zod's `number` refuses NaN and infinities. */
export const tensor: z.ZodType<FixtureTensor> = z
  .strictObject({ shape: indices, data: z.array(z.number()).readonly() })
  .readonly()
  .refine(({ shape, data }) => data.length === elements(shape), "the data does not fill the shape");

/** Absent tensors are null in the files. */
export const tensorOrNull: z.ZodType<FixtureTensor | null> = z.nullable(tensor);

/** Tensors by name. */
export const tensors: z.ZodType<Readonly<Record<string, FixtureTensor>>> = z.record(z.string(), tensor).readonly();

/** True for tensors of one shape, and for two nulls. */
export function sameShape(one: FixtureTensor | null | undefined, other: FixtureTensor | null | undefined): boolean {
  if (!one || !other) return one === other;
  return one.shape.length === other.shape.length && one.shape.every((size, axis) => size === other.shape[axis]);
}

/** What a case is called, unique in its list. */
export const name = z.string().min(1);

/** A case whose inputs have one gradient each, of the inputs' shapes. */
export function differentiable<Inputs extends z.ZodRawShape, Rest extends z.ZodRawShape>(inputs: Inputs, rest: Rest) {
  return z.strictObject({
    name,
    inputs: z.strictObject(inputs),
    output: tensor,
    gradients: z.strictObject(inputs),
    ...rest,
  });
}

/** The releases that produced a file. */
export const versions = z
  .strictObject({
    torch: z.string(),
    torchGeometric: z.string(),
    transformers: z.string().exactOptional(),
    entmax: z.string().exactOptional(),
  })
  .readonly();

/**
 * Reads and checks one file of `fixtures/`.
 *
 * @throws Error naming the file and every field that is not as `schema` says.
 */
export function readFixture<T>(file: string, schema: z.ZodType<T>): T {
  const text = readFileSync(new URL(`./fixtures/${file}`, import.meta.url), "utf8");
  return parseFixture(file, text, schema);
}

/** {@link readFixture} over the text of a file. */
export function parseFixture<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(JSON.parse(text));
  if (!result.success) throw new Error(`fixtures/${file} is not as expected:\n${z.prettifyError(result.error)}`);
  return result.data;
}
