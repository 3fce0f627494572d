import { type DrawingContext, OffScreenPicture } from "./off-screen-picture.ts";

/**
 * Holds back what is drawn on canvases of WebGL until it is finished; the pictures of all canvases change together.
 *
 * A frame that shows a canvas waits for all that was asked of the canvas. Where no graphics card draws, that takes tenths of a second, in which the page stands
 * still. So all is drawn off the screen, frames go on, and a finished picture is copied to its canvas, which takes no time.
 */
export class FinishedPictures {
  readonly #pictures: readonly OffScreenPicture[];
  readonly #told: (() => void)[] = [];
  /** `shown`: nothing new was drawn; `held`: something was; `showing`: it is on the canvas, and the frame that shows it has not yet come. */
  #state: "shown" | "held" | "showing" | "closed" = "shown";
  #isDrawing = false;

  constructor(contexts: readonly DrawingContext[]) {
    this.#pictures = contexts.map((gl) => new OffScreenPicture(gl, () => this.#draw()));
  }

  /** Whether something that was drawn is not yet shown. What is drawn now delays it. */
  get isHeld(): boolean {
    return this.#isDrawing || this.#state !== "shown";
  }

  /** Calls back once all that was drawn is shown. */
  whenShown(act: () => void): void {
    if (this.isHeld) this.#told.push(act);
    else requestAnimationFrame(act);
  }

  /** Tells and shows nothing any more. */
  close(): void {
    this.#state = "closed";
  }

  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    // Who draws goes on drawing until it returns.
    queueMicrotask(() => {
      this.#isDrawing = false;
      for (const picture of this.#pictures) picture.end();
      // Nothing may be better than what stood there, but not for long.
      if (this.#pictures.some(({ isCanvasBlank }) => isCanvasBlank)) this.#show();
      else if (this.#state === "shown") this.#hold();
    });
  }

  #hold(): void {
    this.#state = "held";
    const look = () => {
      if (this.#state !== "held") return;
      if (this.#pictures.every(({ isFinished }) => isFinished)) this.#show();
      else setTimeout(look);
    };
    setTimeout(look);
  }

  #show(): void {
    for (const picture of this.#pictures) picture.show();
    if (this.#state === "showing" || this.#state === "closed") return;
    this.#state = "showing";
    // What is drawn before the frame has taken the pictures off the canvases, the frame waits for.
    requestAnimationFrame(() => setTimeout(() => this.#endShowing()));
  }

  #endShowing(): void {
    if (this.#state !== "showing") return;
    if (this.#pictures.some(({ isDrawn }) => isDrawn)) {
      this.#hold();
      return;
    }
    this.#state = "shown";
    for (const act of this.#told.splice(0)) act();
  }
}
