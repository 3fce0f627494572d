import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FinishedPictures } from "./finished-pictures.ts";
import type { DrawingContext } from "./off-screen-picture.ts";

const frame = 16;
const canvas = "the canvas";
const picking = { name: "picking" };

/** WebGL that notes what it does, on which framebuffer, and is finished when the test says so. */
class FakeContext implements DrawingContext {
  readonly COLOR_ATTACHMENT0 = 0x8ce0;
  readonly COLOR_BUFFER_BIT = 0x4000;
  readonly DRAW_FRAMEBUFFER = 0x8ca9;
  readonly FRAMEBUFFER = 0x8d40;
  readonly NEAREST = 0x2600;
  readonly READ_FRAMEBUFFER = 0x8ca8;
  readonly RENDERBUFFER = 0x8d41;
  readonly RGBA8 = 0x8058;
  readonly SYNC_GPU_COMMANDS_COMPLETE = 0x9117;
  readonly SYNC_STATUS = 0x9114;
  readonly UNSIGNALED = 0x9118;
  drawingBufferWidth = 300;
  drawingBufferHeight = 200;
  readonly done: string[] = [];
  #target: WebGLFramebuffer | null = null;
  #fences: { isSignaled: boolean }[] = [];

  bindFramebuffer(target: number, framebuffer: WebGLFramebuffer | null): void {
    if (target !== this.READ_FRAMEBUFFER) this.#target = framebuffer;
  }
  createFramebuffer(): WebGLFramebuffer {
    return { name: "the picture" };
  }
  createRenderbuffer(): WebGLRenderbuffer {
    return {};
  }
  bindRenderbuffer(): void {}
  framebufferRenderbuffer(): void {}
  renderbufferStorage(_target: number, _format: number, width: number, height: number): void {
    this.done.push(`a picture of ${width} × ${height}`);
  }
  clear(): void {
    this.#note("clear");
  }
  drawArrays(): void {
    this.#note("draw");
  }
  drawArraysInstanced(): void {
    this.#note("draw");
  }
  blitFramebuffer(): void {
    this.#note("copy to");
  }
  fenceSync(): WebGLSync {
    const fence = { isSignaled: false };
    this.#fences.push(fence);
    return fence;
  }
  deleteSync(): void {}
  flush(): void {}
  getSyncParameter(sync: WebGLSync): number {
    return "isSignaled" in sync && sync.isSignaled === true ? 0x9119 : this.UNSIGNALED;
  }
  /** All that was asked for so far is drawn. */
  finish(): void {
    for (const fence of this.#fences) fence.isSignaled = true;
  }
  #note(what: string): void {
    const target = this.#target;
    this.done.push(`${what} ${target === null ? canvas : "name" in target ? target.name : "?"}`);
  }
}

/** Draws as sigma does. */
function draw(gl: DrawingContext): void {
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.clear(gl.COLOR_BUFFER_BIT);
  gl.drawArrays(0, 0, 3);
}

const copiesOf = (gl: FakeContext) => gl.done.filter((each) => each === `copy to ${canvas}`).length;

describe("FinishedPictures", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("requestAnimationFrame", (act: () => void) => setTimeout(act, frame));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("draws off the screen, and copies to the canvas only what is finished", async () => {
    const gl = new FakeContext();
    const pictures = new FinishedPictures([gl]);
    draw(gl);
    await vi.advanceTimersByTimeAsync(1000);
    expect(gl.done).toEqual(["a picture of 300 × 200", "clear the picture", "draw the picture"]);
    expect(pictures.isHeld).toBe(true);
    gl.finish();
    await vi.advanceTimersByTimeAsync(frame / 2);
    expect(gl.done.slice(3)).toEqual([`copy to ${canvas}`]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(copiesOf(gl)).toBe(1);
    expect(pictures.isHeld).toBe(false);
  });

  it("changes the pictures of all canvases together", async () => {
    const [nodes, edges] = [new FakeContext(), new FakeContext()];
    new FinishedPictures([nodes, edges]);
    draw(nodes);
    draw(edges);
    await vi.advanceTimersByTimeAsync(1);
    nodes.finish();
    await vi.advanceTimersByTimeAsync(1000);
    expect([copiesOf(nodes), copiesOf(edges)]).toEqual([0, 0]);
    edges.finish();
    await vi.advanceTimersByTimeAsync(1000);
    expect([copiesOf(nodes), copiesOf(edges)]).toEqual([1, 1]);
  });

  it("leaves other framebuffers alone, and canvases on which nothing is drawn", async () => {
    const [gl, untouched] = [new FakeContext(), new FakeContext()];
    new FinishedPictures([gl, untouched]);
    gl.bindFramebuffer(gl.FRAMEBUFFER, picking);
    gl.drawArraysInstanced();
    gl.finish();
    await vi.advanceTimersByTimeAsync(1000);
    expect(gl.done.slice(1)).toEqual(["draw picking"]);
    draw(gl);
    await vi.advanceTimersByTimeAsync(1);
    gl.finish();
    await vi.advanceTimersByTimeAsync(1000);
    expect(gl.done.slice(2)).toEqual(["clear the picture", "draw the picture", `copy to ${canvas}`]);
    expect(untouched.done.slice(1)).toEqual([]);
  });

  it("clears no picture that is clear", async () => {
    const gl = new FakeContext();
    const pictures = new FinishedPictures([gl]);
    gl.clear();
    await vi.advanceTimersByTimeAsync(1);
    gl.finish();
    await vi.advanceTimersByTimeAsync(1000);
    gl.clear();
    expect(gl.done.slice(1)).toEqual(["clear the picture", `copy to ${canvas}`]);
    expect(pictures.isHeld).toBe(false);
  });

  it("tells that a picture is shown when the frame that shows it has passed", async () => {
    const gl = new FakeContext();
    const pictures = new FinishedPictures([gl]);
    draw(gl);
    const onShown = vi.fn();
    pictures.whenShown(onShown);
    await vi.advanceTimersByTimeAsync(1);
    gl.finish();
    await vi.advanceTimersByTimeAsync(frame / 2);
    expect(copiesOf(gl)).toBe(1);
    expect(onShown).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(frame);
    expect(onShown).toHaveBeenCalledOnce();
  });

  it("waits also for what is drawn while a picture is held, or about to be shown", async () => {
    const gl = new FakeContext();
    const pictures = new FinishedPictures([gl]);
    const onShown = vi.fn();
    draw(gl);
    pictures.whenShown(onShown);
    await vi.advanceTimersByTimeAsync(1);
    gl.finish();
    draw(gl);
    await vi.advanceTimersByTimeAsync(1000);
    expect(copiesOf(gl)).toBe(0);
    gl.finish();
    await vi.advanceTimersByTimeAsync(frame / 2);
    expect(copiesOf(gl)).toBe(1);
    draw(gl);
    await vi.advanceTimersByTimeAsync(1000);
    expect(copiesOf(gl)).toBe(1);
    expect(onShown).not.toHaveBeenCalled();
    gl.finish();
    await vi.advanceTimersByTimeAsync(1000);
    expect(copiesOf(gl)).toBe(2);
    expect(onShown).toHaveBeenCalledOnce();
  });

  it("shows at once what is drawn on a canvas of another size, for it shows nothing", async () => {
    const gl = new FakeContext();
    new FinishedPictures([gl]);
    gl.drawingBufferWidth = 400;
    draw(gl);
    await vi.advanceTimersByTimeAsync(0);
    expect(gl.done.slice(1)).toEqual([
      "a picture of 400 × 200",
      "clear the picture",
      "draw the picture",
      `copy to ${canvas}`,
    ]);
  });

  it("shows nothing once it is closed", async () => {
    const gl = new FakeContext();
    const pictures = new FinishedPictures([gl]);
    const onShown = vi.fn();
    draw(gl);
    pictures.whenShown(onShown);
    await vi.advanceTimersByTimeAsync(1);
    pictures.close();
    gl.finish();
    await vi.advanceTimersByTimeAsync(1000);
    expect(copiesOf(gl)).toBe(0);
    expect(onShown).not.toHaveBeenCalled();
  });
});
