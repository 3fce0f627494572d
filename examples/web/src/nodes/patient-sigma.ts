import { MultiUndirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import Sigma from "sigma";
import type { Settings } from "sigma/settings";
import { FinishedPictures } from "./finished-pictures.ts";

/** Sigma whose pictures appear when they are finished, and that begins none before the last one has appeared: the page never waits for one. */
export class PatientSigma extends Sigma {
  readonly #pictures: FinishedPictures;
  #isWanted = false;

  /** @throws Error where the browser cannot draw with WebGL. */
  constructor(graph: AbstractGraph, container: HTMLElement, settings: Partial<Settings>) {
    // The constructor of Sigma draws on the canvases themselves: it gets nothing to draw.
    super(new MultiUndirectedGraph(), container, settings);
    this.#pictures = new FinishedPictures(
      Object.values(this.getCanvases()).flatMap((canvas) => canvas.getContext("webgl2") ?? []),
    );
    this.setGraph(graph);
  }

  /** Calls back once the picture that is drawn next is shown. */
  whenDrawn(act: () => void): void {
    this.once("afterRender", () => this.#pictures.whenShown(act));
  }

  override clear(): this {
    return #pictures in this ? super.clear() : this;
  }

  override kill(): void {
    this.#pictures.close();
    super.kill();
  }

  override scheduleRender(): this {
    if (!(#pictures in this) || !this.#pictures.isHeld) return super.scheduleRender();
    if (!this.#isWanted) {
      this.#isWanted = true;
      this.#pictures.whenShown(() => {
        this.#isWanted = false;
        // At once, not with the next frame, which shows it if it is finished by then.
        this.refresh({ partialGraph: {}, skipIndexation: true });
      });
    }
    return this;
  }
}
