import type { MultiUndirectedGraph } from "graphology";
import { EdgeLineProgram, EdgeRectangleProgram } from "sigma/rendering";
import { nodeSize } from "./drawing.ts";
import { type Clock, Pace, pageTime } from "./pace.ts";
import { opacityOf, premultiplied } from "./palette.ts";
import { PatientSigma } from "./patient-sigma.ts";
import type { InspectedNode, LabelsInUse, Predictions } from "./protocol.ts";

/** What the drawing shows beside the graph. */
export interface Shown {
  readonly predictions: Predictions | undefined;
  readonly labels: LabelsInUse | undefined;
  /** One for each class. */
  readonly colors: readonly string[];
  readonly selected: number | undefined;
  readonly inspected: InspectedNode | undefined;
  readonly removedEdges: readonly number[];
}

/** Colours of the page's style. */
export interface DrawingStyle {
  readonly ink: string;
  readonly neutral: string;
  readonly edge: string;
  readonly attended: string;
  readonly removed: string;
  readonly ground: string;
}

/** From this many nodes on names are written sparingly, and edges rest while the picture moves. */
const manyNodes = 400;

/** The numbers of {@link LabelsInUse.parts} of nodes that are learned from. */
const learnedFrom = 1;

/** The graph drawn by sigma: nodes coloured by their answer, more solid the surer it is. */
export class GraphDrawing {
  readonly #sigma: PatientSigma;
  readonly #graph: MultiUndirectedGraph;
  readonly #nodes: readonly string[];
  readonly #size: number;
  readonly #edgeSize: number;
  readonly #isLarge: boolean;
  #isClosed = false;
  #shown: Shown;
  #style: DrawingStyle;
  /** How much the inspected node attends along each edge, by its number. */
  #attended = new Map<number, number>();
  #nearby = new Set<number>();
  readonly #clock: Clock = { ...pageTime, whenDrawn: (act) => this.#sigma.whenDrawn(act) };
  readonly #recolored = new Pace(200, this.#clock);
  readonly #moved = new Pace(60, this.#clock);

  /** @throws Error where the browser cannot draw with WebGL. */
  constructor(
    graph: MultiUndirectedGraph,
    container: HTMLElement,
    {
      shown,
      style,
      onSelect,
    }: { readonly shown: Shown; readonly style: DrawingStyle; readonly onSelect: (node: number | undefined) => void },
  ) {
    this.#graph = graph;
    this.#nodes = graph.nodes();
    this.#size = nodeSize(graph.order);
    this.#edgeSize = graph.size > 2000 ? 0.5 : graph.size > 300 ? 0.8 : 1.3;
    this.#shown = shown;
    this.#style = style;
    this.#isLarge = graph.order > manyNodes;
    this.#sigma = new PatientSigma(graph, container, {
      allowInvalidContainer: true,
      renderLabels: true,
      labelRenderedSizeThreshold: this.#isLarge ? 12 : 5,
      labelDensity: this.#isLarge ? 0.3 : 1,
      labelFont: "system-ui, sans-serif",
      labelSize: 12,
      labelColor: { attribute: "labelColor", color: style.ink },
      // Hairlines cost a fraction of what wide lines do; the few edges that stand out are wide.
      edgeProgramClasses: { line: EdgeRectangleProgram, hairline: EdgeLineProgram },
      hideEdgesOnMove: graph.size > 20_000,
      minEdgeThickness: 0.4,
      stagePadding: 24,
      zIndex: true,
      nodeReducer: (node, data) => ({ ...data, ...this.#nodeLook(Number(node)) }),
      edgeReducer: (edge, data) => ({ ...data, ...this.#edgeLook(Number(edge)) }),
      defaultDrawNodeHover: (context, data, settings) => {
        // Sigma's own draws a white box, which a dark page does not want.
        if (typeof data.label !== "string") return;
        context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
        const width = context.measureText(data.label).width + 12;
        context.fillStyle = this.#style.ground;
        context.fillRect(data.x + data.size + 2, data.y - 10, width, 20);
        context.fillStyle = this.#style.ink;
        context.fillText(data.label, data.x + data.size + 8, data.y + 4);
      },
    });
    this.#sigma.on("clickNode", ({ node }) => onSelect(Number(node)));
    this.#sigma.on("clickStage", () => onSelect(undefined));
  }

  /** Shows something else; only what changed is drawn anew. */
  show(shown: Shown): void {
    const before = this.#shown;
    this.#shown = shown;
    const isSameNode =
      before.selected === shown.selected &&
      before.inspected === shown.inspected &&
      before.removedEdges === shown.removedEdges;
    if (isSameNode) {
      this.#recolored.ask(() => {
        if (this.#isClosed) return;
        this.#sigma.refresh({ partialGraph: { nodes: [...this.#nodes] }, skipIndexation: true, schedule: true });
      });
      return;
    }
    this.#attended = attendedEdges(shown.inspected);
    this.#nearby = new Set(shown.inspected?.neighbors.map(({ node }) => node));
    this.#sigma.refresh({ skipIndexation: true, schedule: true });
  }

  restyle(style: DrawingStyle): void {
    this.#style = style;
    this.#sigma.setSetting("labelColor", { attribute: "labelColor", color: style.ink });
    this.#sigma.refresh({ skipIndexation: true, schedule: true });
  }

  /** Puts nodes where the layout has them. */
  place(places: Float32Array): void {
    this.#moved.ask(() => this.#place(places));
  }

  #place(places: Float32Array): void {
    if (this.#isClosed) return;
    let next = 0;
    this.#graph.updateEachNodeAttributes(
      (_, attributes) => {
        attributes["x"] = places[next++];
        attributes["y"] = places[next++];
        return attributes;
      },
      { attributes: ["x", "y"] },
    );
  }

  /** Where nodes are, `[x, y, x, y, …]`. */
  places(): Float32Array {
    const places = new Float32Array(2 * this.#graph.order);
    let next = 0;
    this.#graph.forEachNode((_, { x, y }) => {
      places[next++] = Number(x);
      places[next++] = Number(y);
    });
    return places;
  }

  zoom(direction: "in" | "out" | "all"): void {
    const camera = this.#sigma.getCamera();
    const options = { duration: 200 };
    if (direction === "in") void camera.animatedZoom(options);
    else if (direction === "out") void camera.animatedUnzoom(options);
    else void camera.animatedReset(options);
  }

  /** Where a node is on the page, in pixels from the corner of the drawing. */
  viewportOf(node: number): { readonly x: number; readonly y: number } | undefined {
    const data = this.#sigma.getNodeDisplayData(String(node));
    return data && this.#sigma.framedGraphToViewport(data);
  }

  close(): void {
    this.#isClosed = true;
    this.#sigma.kill();
  }

  #nodeLook(node: number): { color: string; size: number; zIndex: number; forceLabel: boolean; labelColor: string } {
    const { predictions, labels, colors, selected } = this.#shown;
    const isSelected = node === selected;
    const isNear = this.#nearby.has(node);
    const isKnown = labels?.parts[node] === learnedFrom;
    const answer = predictions?.classes[node];
    const color =
      predictions === undefined || answer === undefined
        ? this.#style.neutral
        : premultiplied(colors[answer] ?? "#888888", opacityOf(predictions.confidences[node] ?? 0, colors.length));
    return {
      color,
      size: this.#size * (isSelected ? 1.9 : isKnown ? 1.5 : isNear ? 1.25 : 1),
      zIndex: isSelected ? 2 : isNear ? 1 : 0,
      forceLabel: isSelected || (isKnown && this.#nodes.length <= manyNodes),
      labelColor: this.#style.ink,
    };
  }

  #edgeLook(edge: number): { color: string; size: number; zIndex: number; type: string } {
    if (this.#shown.removedEdges.includes(edge))
      return { color: this.#style.removed, size: 2 * this.#edgeSize, zIndex: 2, type: "line" };
    const weight = this.#attended.get(edge);
    if (weight === undefined) {
      return { color: this.#style.edge, size: this.#edgeSize, zIndex: 0, type: this.#isLarge ? "hairline" : "line" };
    }
    return { color: this.#style.attended, size: 1 + 7 * weight, zIndex: 1, type: "line" };
  }
}

/** The mean weight of the last layer's heads along each edge. */
function attendedEdges(inspected: InspectedNode | undefined): Map<number, number> {
  const attended = new Map<number, number>();
  for (const { edge, heads } of inspected?.neighbors ?? []) {
    const last = heads.at(-1) ?? [];
    attended.set(edge, last.reduce((sum, weight) => sum + weight, 0) / Math.max(1, last.length));
  }
  return attended;
}
