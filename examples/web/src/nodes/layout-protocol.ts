/** A graph to place. */
export interface LayoutRequest {
  readonly kind: "place";
  readonly nodes: number;
  /** The two ends of each edge, by number. */
  readonly edges: Uint32Array;
}

/** What a layout under way is told: to wait, or to go on. */
export interface LayoutControl {
  readonly kind: "hold" | "go-on";
}

/** Where nodes are now. */
export interface LayoutReport {
  /** `[x, y, x, y, …]`. */
  readonly places: Float32Array<ArrayBuffer>;
  /** Whether nodes stay where they are from now on. */
  readonly isDone: boolean;
}
