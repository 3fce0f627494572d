import { DataError } from "@vicinal/core";
import { unzipSync } from "fflate";

/** No member of a known data set comes near this size; a zip that claims more is not one of them. */
const LARGEST_MEMBER = 2 ** 29;

/** The members of a zip file. */
export interface ZipMembers {
  has(name: string): boolean;
  /** Unpacks one member. @throws DataError `missing-member`, or `malformed-zip`, also for more than 512 MiB. */
  bytes(name: string): Uint8Array;
}

/**
 * Opens a zip file.
 *
 * @throws DataError `malformed-zip`.
 */
export function openZip(where: string, bytes: Uint8Array): ZipMembers {
  const sizes = new Map<string, number>();
  guarded(where, () =>
    unzipSync(bytes, {
      filter({ name, originalSize }) {
        sizes.set(name, originalSize);
        return false;
      },
    }),
  );
  return {
    has: (name) => sizes.has(name),
    bytes: (name) => unpack(where, bytes, name, sizes),
  };
}

function unpack(where: string, bytes: Uint8Array, name: string, sizes: ReadonlyMap<string, number>): Uint8Array {
  const size = sizes.get(name);
  if (size === undefined) {
    throw new DataError(
      "missing-member",
      `${where}: there is no "${name}" in the zip file; expected it among ${[...sizes.keys()].join(", ")}.`,
    );
  }
  if (size > LARGEST_MEMBER) {
    throw new DataError("malformed-zip", `${where}: ${name} claims ${size} bytes; expected at most ${LARGEST_MEMBER}.`);
  }
  const content = guarded(where, () => unzipSync(bytes, { filter: (file) => file.name === name }))[name];
  if (content?.length === size) return content;
  throw new DataError("malformed-zip", `${where}: ${name} holds ${content?.length} bytes; expected ${size}.`);
}

function guarded<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new DataError("malformed-zip", `${where}: the zip file cannot be read: ${String(cause)}. Fetch it again.`, {
      cause,
    });
  }
}
