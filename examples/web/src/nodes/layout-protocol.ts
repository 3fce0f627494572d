/** A graph to place. */
export interface LayoutRequest {
  readonly nodes: number;
  /** The two ends of each edge, by number. */
  readonly edges: Uint32Array;
}

/** Where nodes are now. */
export interface LayoutReport {
  /** `[x, y, x, y, …]`. */
  readonly places: Float32Array<ArrayBuffer>;
  /** Whether nodes stay where they are from now on. */
  readonly isDone: boolean;
}
