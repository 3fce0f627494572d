/** A file to hand to the reader of the page. */
export interface DownloadedFile {
  readonly name: string;
  /** Such as `"text/csv"`. */
  readonly type: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/** Lets the browser save a file that was made in the page. */
export function download({ name, type, content }: DownloadedFile): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the blob after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A name for a file after what it was made of: letters, digits and hyphens. */
export function fileNameOf(title: string, ending: string): string {
  const stem = title
    .normalize("NFKD")
    .replace(/\.[a-z]{1,8}$/i, "")
    .replace(/[^a-z0-9]+/gi, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase()
    .slice(0, 60);
  return `${stem || "graph"}${ending}`;
}
