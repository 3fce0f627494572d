import { useRef, useState } from "preact/hooks";
import { refusalOf } from "./file-size.ts";

export interface FileDropProps {
  /** What the button says, such as `"Open a graph file"`. */
  readonly label: string;
  /** What may be dropped, beside the button. */
  readonly hint: string;
  /** Such as `".csv"`. */
  readonly endings: readonly string[];
  readonly mostBytes: number;
  /** Default 1. */
  readonly mostFiles?: number;
  readonly disabled?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** Why files were not taken, in a sentence. */
  readonly onRefused: (reason: string) => void;
}

/** A button that opens files, and a place to drop them on. Files are refused by name and size before anything is read. */
export function FileDrop({
  label,
  hint,
  endings,
  mostBytes,
  mostFiles = 1,
  disabled = false,
  onFiles,
  onRefused,
}: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);

  const take = (list: FileList | null | undefined) => {
    const files = Array.from(list ?? []);
    const refusal = refusalOf(files, { endings, mostBytes, mostFiles });
    if (refusal === undefined) onFiles(files);
    else onRefused(refusal);
  };

  return (
    <fieldset
      aria-label={label}
      class={isOver ? "file-drop over" : "file-drop"}
      data-testid="file-drop"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!disabled) take(event.dataTransfer?.files);
      }}
    >
      <button type="button" disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </button>
      <span class="hint">{hint}</span>
      <input
        ref={input}
        type="file"
        hidden
        accept={endings.join(",")}
        multiple={mostFiles > 1}
        aria-label={label}
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          // The same file can be chosen again after it was changed.
          currentTarget.value = "";
        }}
      />
    </fieldset>
  );
}
