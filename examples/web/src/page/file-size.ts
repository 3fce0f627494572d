/** What is told of a file before it is read. */
export interface FileFacts {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** A size in words, such as `"32 MB"`. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  if (bytes < 1e6) return `${roundedSize(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${roundedSize(bytes / 1e6)} MB` : `${roundedSize(bytes / 1e9)} GB`;
}

function roundedSize(size: number): string {
  return size < 10 ? String(Math.round(size * 10) / 10) : String(Math.round(size));
}

/** Why files cannot be taken, in a sentence; undefined where they can. Nothing is read for it. */
export function refusalOf(
  files: readonly FileFacts[],
  {
    endings,
    mostBytes,
    mostFiles,
  }: { readonly endings: readonly string[]; readonly mostBytes: number; readonly mostFiles: number },
): string | undefined {
  if (files.length === 0) return "No file came with that. Choose one, or drop one from your file manager.";
  if (files.length > mostFiles) {
    return `Got ${files.length} files; expected ${mostFiles === 1 ? "one" : `at most ${mostFiles}`}. Drop them one after the other.`;
  }
  for (const { name, size } of files) {
    if (!endings.some((ending) => name.toLowerCase().endsWith(ending))) {
      return `${name}: expected a file that ends in ${endings.join(", ")}. Export it as one of these.`;
    }
    if (size > mostBytes) {
      return (
        `${name} has ${sizeInWords(size)}; this page reads files up to ${sizeInWords(mostBytes)}, and has not read it. ` +
        "Larger graphs are for Node: the same library trains on them there."
      );
    }
    if (size === 0) return `${name} is empty. Choose a file with something in it.`;
  }
  return undefined;
}
