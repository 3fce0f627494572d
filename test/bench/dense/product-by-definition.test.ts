import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { multiplyByDefinition } from "./product-by-definition.ts";
import { type Product, productArguments, productsOfLayer, readProduct, storedShapes } from "./product-work.ts";

const products = productsOfLayer(5, 4, 3);

/** Some numbers that differ. */
function numbers(length: number): Float32Array {
  return Float32Array.from({ length }, (_, k) => ((k * 7) % 11) - 4);
}

function byMatrices(product: Product, a: Float32Array, b: Float32Array): Matrix {
  const { a: left, b: right } = storedShapes(product);
  const A = Matrix.from1DArray(...left, Array.from(a));
  const B = Matrix.from1DArray(...right, Array.from(b));
  return (product.form === "A^T B" ? A.transpose() : A).mmul(product.form === "A B^T" ? B.transpose() : B);
}

describe("multiplyByDefinition", () => {
  it.each(products)("is the product $form", (product) => {
    const { a, b } = storedShapes(product);
    const [left, right] = [numbers(a[0] * a[1]), numbers(b[0] * b[1])];
    const expected = byMatrices(product, left, right);
    expect([expected.rows, expected.columns]).toEqual([product.rows, product.columns]);
    expect(Array.from(multiplyByDefinition(product, left, right))).toEqual(expected.to1DArray());
  });
});

describe("productArguments", () => {
  it.each(products)("is read again: $form", (product) => {
    expect(readProduct(productArguments(product))).toEqual(product);
  });

  it("names a form that there is not", () => {
    expect(() => readProduct(["B A", "1", "1", "1"])).toThrow(/B A/);
  });
});
