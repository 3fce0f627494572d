/**
 * A file for a page: to download through `URL.createObjectURL`, to upload, or to keep in IndexedDB. Back again by
 * `new Uint8Array(await blob.arrayBuffer())`.
 */
export function toBlob(bytes: Uint8Array<ArrayBuffer>): Blob {
  return new Blob([bytes], { type: "application/octet-stream" });
}
