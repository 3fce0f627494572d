import type { ComponentChildren } from "preact";

export interface NoticeProps {
  readonly kind: "error" | "hint";
  readonly children: ComponentChildren;
  /** Takes the notice away. Default: it stays. */
  readonly onClose?: () => void;
}

/** Something that the reader should know. An error is read out at once. */
export function Notice({ kind, children, onClose }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === "error" ? "alert" : "note"}>
      <div class="notice-text">{children}</div>
      {onClose && (
        <button type="button" class="quiet" aria-label="Close this message" onClick={onClose}>
          ×
        </button>
      )}
    </div>
  );
}

/** What the page is doing, one sentence: it is read out when it changes, without interrupting. */
export function LiveStatus({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="status" role="status" aria-live="polite">
      {children}
    </p>
  );
}
