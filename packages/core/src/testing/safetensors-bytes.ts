/** The bytes of a safetensors file with a header and data as they are given, right or wrong, to test what reads it. */
export function safetensorsBytes(header: string | Uint8Array, data: ArrayLike<number> = []): Uint8Array<ArrayBuffer> {
  const encoded = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + encoded.length + data.length);
  new DataView(file.buffer).setUint32(0, encoded.length, true);
  file.set(encoded, 8);
  file.set(data, 8 + encoded.length);
  return file;
}
