import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "@vicinal/core";
import type { Work } from "../run/contest.ts";
import { median } from "../run/interleave.ts";

/** Which factor is transposed: a layer's output, and the gradients of its weight and of its input. */
export type ProductForm = "A B" | "A^T B" | "A B^T";

/** One product of two dense matrices: `[rows, inner]` times `[inner, columns]`, as the product sees them. */
export interface Product {
  readonly form: ProductForm;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** The form of that name, such as `A^T B`. */
function readProductForm(name: string): ProductForm {
  if (name === "A B" || name === "A^T B" || name === "A B^T") return name;
  throw new Error(`got the form "${name}"; expected "A B", "A^T B" or "A B^T".`);
}

/**
 * The products of a layer `X W`, where `X` is `[elements, inputs]` and `W` `[inputs, outputs]`, with the gradient `G` of its output: `X W`,
 * `X^T G` and `G W^T`. All have `2 * elements * inputs * outputs` operations.
 */
export function productsOfLayer(elements: number, inputs: number, outputs: number): readonly Product[] {
  return [
    { form: "A B", rows: elements, inner: inputs, columns: outputs },
    { form: "A^T B", rows: inputs, inner: elements, columns: outputs },
    { form: "A B^T", rows: elements, inner: outputs, columns: inputs },
  ];
}

/** Shapes of the factors as they are stored. */
export function storedShapes({ form, rows, inner, columns }: Product): {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
} {
  return {
    a: form === "A^T B" ? [inner, rows] : [rows, inner],
    b: form === "A B^T" ? [columns, inner] : [inner, columns],
  };
}

/** Arguments of the programs, after the folders. */
export function productArguments({ form, rows, inner, columns }: Product): readonly string[] {
  return [form, ...[rows, inner, columns].map(String)];
}

/** What {@link productArguments} gave. */
export function readProduct([form = "", rows, inner, columns]: readonly string[]): Product {
  return { form: readProductForm(form), rows: Number(rows), inner: Number(inner), columns: Number(columns) };
}

/** The product as work for programs that read `a.f32` and `b.f32` and write `out.f32`. */
export function productWork(product: Product, seed = 1): Work {
  const { form, rows, inner, columns } = product;
  return {
    name: `product ${form}, ${rows} x ${inner} x ${columns}`,
    parts: ["product"],
    arguments: productArguments(product),
    answers: ["out"],
    tolerance: 1e-5,
    async writeInputs(folder) {
      await mkdir(folder, { recursive: true });
      const random = new Random(seed);
      for (const [name, [height, width]] of Object.entries(storedShapes(product))) {
        await writeFile(
          join(folder, `${name}.f32`),
          Float32Array.from({ length: height * width }, () => random.normal()),
        );
      }
    },
  };
}

/** How many times a program does the product when told to, so that it is timed with its data in the caches, as in training. */
const repetitions = 5;

/** The middle of the milliseconds that a few products in a row took. */
export function timeProduct(multiply: () => void): readonly number[] {
  const times = Array.from({ length: repetitions }, () => {
    const begin = performance.now();
    multiply();
    return performance.now() - begin;
  });
  return [median(times)];
}

/** {@link timeProduct} of what one must wait for. */
export async function timeProductAwaited(multiply: () => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let k = 0; k < repetitions; k++) {
    const begin = performance.now();
    await multiply();
    times.push(performance.now() - begin);
  }
  return [median(times)];
}
