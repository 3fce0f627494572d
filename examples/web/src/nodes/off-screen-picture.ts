/** What an {@link OffScreenPicture} takes from WebGL 2. */
export type DrawingContext = Pick<
  WebGL2RenderingContext,
  | "bindFramebuffer"
  | "bindRenderbuffer"
  | "blitFramebuffer"
  | "clear"
  | "createFramebuffer"
  | "createRenderbuffer"
  | "deleteSync"
  | "drawArrays"
  | "drawArraysInstanced"
  | "drawingBufferHeight"
  | "drawingBufferWidth"
  | "fenceSync"
  | "flush"
  | "framebufferRenderbuffer"
  | "getSyncParameter"
  | "renderbufferStorage"
  | "COLOR_ATTACHMENT0"
  | "COLOR_BUFFER_BIT"
  | "DRAW_FRAMEBUFFER"
  | "FRAMEBUFFER"
  | "NEAREST"
  | "READ_FRAMEBUFFER"
  | "RENDERBUFFER"
  | "RGBA8"
  | "SYNC_GPU_COMMANDS_COMPLETE"
  | "SYNC_STATUS"
  | "UNSIGNALED"
>;

/** The picture of a canvas of WebGL, off the screen: what draws on the canvas draws on the picture instead, and knows nothing of it. */
export class OffScreenPicture {
  readonly #gl: DrawingContext;
  readonly #bind: DrawingContext["bindFramebuffer"];
  readonly #picture: WebGLFramebuffer | null;
  readonly #pixels: WebGLRenderbuffer | null;
  /** What was asked to be bound: null for the canvas. */
  #bound: WebGLFramebuffer | null = null;
  #size = { width: 0, height: 0 };
  #end: WebGLSync | null = null;
  #isDrawn = false;
  #isClear = false;
  #isCanvasBlank = false;

  /** @param onDrawn Told of each call that draws on the picture, before it. */
  constructor(gl: DrawingContext, onDrawn: () => void) {
    this.#gl = gl;
    this.#picture = gl.createFramebuffer();
    this.#pixels = gl.createRenderbuffer();
    this.#bind = gl.bindFramebuffer.bind(gl);
    gl.bindFramebuffer = (target, framebuffer) => {
      this.#bound = framebuffer;
      this.#bind(target, framebuffer ?? this.#picture);
    };
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.#fit();
    this.#isCanvasBlank = false;

    const noted = (isClear: boolean, draw: () => void) => {
      if (this.#bound === null) {
        this.#fit();
        if (isClear && this.#isClear) return;
        this.#isClear = isClear;
        this.#isDrawn = true;
        onDrawn();
      }
      draw();
    };
    const clear = gl.clear.bind(gl);
    const drawArrays = gl.drawArrays.bind(gl);
    const drawInstances = gl.drawArraysInstanced.bind(gl);
    gl.clear = (mask) => noted(true, () => clear(mask));
    gl.drawArrays = (...drawn) => noted(false, () => drawArrays(...drawn));
    gl.drawArraysInstanced = (...drawn) => noted(false, () => drawInstances(...drawn));
  }

  /** Whether something was drawn since the canvas last showed the picture. */
  get isDrawn(): boolean {
    return this.#isDrawn;
  }

  /** Whether all that was drawn before the last {@link end} is done. The answer is the same until the task ends. */
  get isFinished(): boolean {
    return this.#end === null || this.#gl.getSyncParameter(this.#end, this.#gl.SYNC_STATUS) !== this.#gl.UNSIGNALED;
  }

  /** Whether the canvas shows nothing: its size has changed. */
  get isCanvasBlank(): boolean {
    return this.#isCanvasBlank;
  }

  /** Says that the picture ends here, and lets it be drawn. */
  end(): void {
    if (!this.#isDrawn) return;
    this.#gl.deleteSync(this.#end);
    this.#end = this.#gl.fenceSync(this.#gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    this.#gl.flush();
  }

  /** Copies the picture to the canvas. */
  show(): void {
    if (!this.#isDrawn) return;
    const gl = this.#gl;
    const { width, height } = this.#size;
    this.#bind(gl.READ_FRAMEBUFFER, this.#picture);
    this.#bind(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    this.#bind(gl.FRAMEBUFFER, this.#bound ?? this.#picture);
    gl.deleteSync(this.#end);
    this.#end = null;
    this.#isDrawn = false;
    this.#isCanvasBlank = false;
  }

  /** Gives the picture the size of the canvas. */
  #fit(): void {
    const gl = this.#gl;
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    gl.bindRenderbuffer(gl.RENDERBUFFER, this.#pixels);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this.#pixels);
    this.#isClear = false;
    this.#isCanvasBlank = true;
  }
}
