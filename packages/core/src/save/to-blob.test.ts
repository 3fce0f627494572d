import { expect, it } from "vitest";
import { toBlob } from "./to-blob.ts";
import { writeSafetensors } from "./write-safetensors.ts";

it("toBlob holds the bytes of a file", async () => {
  const file = writeSafetensors({
    tensors: new Map([["a", { dtype: "U8", shape: [2], values: Uint8Array.of(1, 2) }]]),
  });
  const blob = toBlob(file);
  expect([blob.size, blob.type]).toEqual([file.length, "application/octet-stream"]);
  expect(new Uint8Array(await blob.arrayBuffer())).toEqual(file);
});
