import { effect, useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Notice } from "../page/notice.tsx";
import { styleValue } from "../page/theme.ts";
import { drawingOf } from "./drawing.ts";
import { type DrawingStyle, GraphDrawing, type Shown } from "./graph-drawing.ts";
import type { LayoutControl, LayoutReport, LayoutRequest } from "./layout-protocol.ts";
import type { Phase } from "./phase.ts";
import type { DrawnGraph } from "./protocol.ts";
import type { NodesStore } from "./store.ts";

/** The graph, as a picture that can be moved and clicked. What it shows stands beside it as text too. */
export function GraphView({ store }: { readonly store: NodesStore }) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<GraphDrawing | undefined>(undefined);
  const layout = useRef<Worker | undefined>(undefined);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let end = () => {};
    const stop = effect(() => {
      end();
      const opened = store.opened.value;
      if (opened === undefined || place.current === null) return;
      end = draw(opened.drawn, place.current, store, { drawing, layout }, setProblem);
    });
    return () => {
      stop();
      end();
    };
  }, []);

  useSignalEffect(() => {
    const shown = shownOf(store);
    drawing.current?.show(shown);
  });
  useSignalEffect(() => {
    const kind = isHeld(store.phase.value) ? "hold" : "go-on";
    layout.current?.postMessage({ kind } satisfies LayoutControl);
  });
  useSignalEffect(() => {
    const style = drawingStyle();
    drawing.current?.restyle(style);
  });

  const title = store.opened.value?.drawn.title ?? "graph";
  return (
    <div class="graph-view">
      {problem !== undefined && <Notice kind="error">{problem}</Notice>}
      <div
        ref={place}
        class="graph-canvas"
        role="img"
        aria-label={`A drawing of ${title}. The list of nodes has the same nodes, for the keyboard.`}
      />
      <fieldset class="graph-zoom" aria-label="Zoom">
        <button type="button" aria-label="Zoom in" onClick={() => drawing.current?.zoom("in")}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => drawing.current?.zoom("out")}>
          −
        </button>
        <button type="button" onClick={() => drawing.current?.zoom("all")}>
          Whole graph
        </button>
      </fieldset>
    </div>
  );
}

/** Draws a graph, and lets a worker place it. Returns what ends both. */
function draw(
  drawn: DrawnGraph,
  container: HTMLElement,
  store: NodesStore,
  current: {
    readonly drawing: { current: GraphDrawing | undefined };
    readonly layout: { current: Worker | undefined };
  },
  onProblem: (problem: string | undefined) => void,
): () => void {
  const abort = new AbortController();
  void drawingOf(drawn, abort.signal).then((graph) => {
    if (graph === undefined || abort.signal.aborted) return;
    try {
      const onSelect = (node: number | undefined) => store.select(node);
      current.drawing.current = new GraphDrawing(graph, container, {
        shown: peekedShown(store),
        style: drawingStyle(),
        onSelect,
      });
    } catch {
      onProblem(
        "This browser cannot draw with WebGL, so there is no picture. Everything else works: choose nodes from the list.",
      );
      return;
    }
    onProblem(undefined);
    store.placesNow = () => current.drawing.current?.places();
    current.layout.current = layOut(drawn, (places) => current.drawing.current?.place(places));
    if (isHeld(store.phase.peek())) current.layout.current.postMessage({ kind: "hold" } satisfies LayoutControl);
  });
  return () => {
    abort.abort();
    current.layout.current?.terminate();
    current.layout.current = undefined;
    current.drawing.current?.close();
    current.drawing.current = undefined;
    store.placesNow = () => undefined;
  };
}

/** With fewer cores the layout, the training and the picture are in each other's way. */
const coresForAll = 4;

/** Whether the layout waits for the training. */
function isHeld(phase: Phase): boolean {
  return navigator.hardwareConcurrency < coresForAll && (phase === "training" || phase === "stopping");
}

/** Lets a worker place the nodes. Who wants less movement sees the end alone. */
function layOut({ names, edges }: DrawnGraph, onPlaces: (places: Float32Array) => void): Worker {
  const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module", name: "layout" });
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  worker.addEventListener("message", ({ data }: MessageEvent<LayoutReport>) => {
    if (data.isDone || !isStill) onPlaces(data.places);
    if (data.isDone) worker.terminate();
  });
  // Without a layout the nodes stay where they began, which is a picture too.
  worker.addEventListener("error", (event) => event.preventDefault());
  worker.postMessage({ kind: "place", nodes: names.length, edges } satisfies LayoutRequest);
  return worker;
}

function shownOf(store: NodesStore): Shown {
  return {
    // What the inspected node's edges change, the picture shows too.
    predictions:
      store.removedEdges.value.length > 0 && store.inspected.value !== undefined
        ? store.inspected.value.predictions
        : store.predictions.value,
    labels: store.labels.value,
    colors: store.colors.value,
    selected: store.selected.value,
    inspected: store.inspected.value,
    removedEdges: store.removedEdges.value,
  };
}

function peekedShown(store: NodesStore): Shown {
  return {
    predictions: store.predictions.peek(),
    labels: store.labels.peek(),
    colors: store.colors.peek(),
    selected: store.selected.peek(),
    inspected: store.inspected.peek(),
    removedEdges: store.removedEdges.peek(),
  };
}

function drawingStyle(): DrawingStyle {
  return {
    ink: styleValue("--ink"),
    neutral: styleValue("--line-strong"),
    edge: styleValue("--edge"),
    attended: styleValue("--edge-attended"),
    removed: styleValue("--warn"),
    ground: styleValue("--panel"),
  };
}
