import { VicinalError } from "@vicinal/core";

/**
 * A data set that could not be fetched. Nothing is left in the cache when it is thrown.
 *
 * Codes: `offline` (no connection could be made), `http-status` (the server refused), `interrupted-download` (the connection
 * ended before the file did), `wrong-checksum` (the file is not the one that was published), `cache-not-writable`, `no-download` (nobody offers it in a form that can be checked).
 */
export class DownloadError extends VicinalError {
  static override readonly name: string = "DownloadError";
}
