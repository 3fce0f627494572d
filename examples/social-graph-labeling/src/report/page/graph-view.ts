import { createNodeBorderProgram } from "@sigma/node-border";
import { UndirectedGraph } from "graphology";
import Sigma from "sigma";
import type { Settings } from "sigma/settings";
import type { EdgeDisplayData, NodeDisplayData } from "sigma/types";
import { mixed } from "../../picture/mixed.ts";
import type { Scene } from "../../picture/scene.ts";
import { currentTheme, onThemeChange, type Theme } from "./theme.ts";

/** What is put forward: a node with its neighbors, a class, or nothing. Nodes and classes are given by index. */
export interface Emphasis {
  readonly node?: number | undefined;
  readonly class?: number | undefined;
}

/** Beyond this many nodes lines are thin and few names are written. */
const MANY_NODES = 200;

type Label = Parameters<Settings["defaultDrawNodeLabel"]>;

/** The scene drawn with WebGL: what there is to see, without what happens when it is touched. */
export class GraphView {
  readonly sigma: Sigma;
  readonly #scene: Scene;
  readonly #graph: UndirectedGraph;
  #theme: Theme = currentTheme();
  #emphasis: Emphasis = {};

  /** @throws Error when the browser cannot draw with WebGL. */
  constructor(scene: Scene, container: HTMLElement) {
    this.#scene = scene;
    this.#graph = graphOf(scene);
    const many = scene.nodes.length > MANY_NODES;
    this.sigma = new Sigma(this.#graph, container, {
      // Sizes are lengths of the scene, so that a phone shows the same picture, smaller.
      itemSizesReference: "positions",
      nodeProgramClasses: { circle: createNodeBorderProgram({ borders: [...borders] }) },
      defaultDrawNodeLabel: (context, data, settings) => this.#drawLabel(context, data, settings),
      defaultDrawNodeHover: () => undefined,
      nodeReducer: (node) => this.#nodeLook(Number(node)),
      edgeReducer: (edge) => this.#edgeLook(Number(edge)),
      labelRenderedSizeThreshold: many ? 9 : 4,
      labelDensity: many ? 0.5 : 4,
      minEdgeThickness: many ? 1 : 1.7,
      minCameraRatio: 0.05,
      maxCameraRatio: 2,
      stagePadding: 8,
      zIndex: true,
    });
    this.sigma.setCustomBBox({ x: [0, scene.width], y: [-scene.height, 0] });
    onThemeChange(() => {
      this.#theme = currentTheme();
      this.sigma.refresh();
    });
  }

  emphasize(emphasis: Emphasis): void {
    this.#emphasis = emphasis;
    this.sigma.refresh({ skipIndexation: true });
  }

  /** Moves the camera to a node. */
  async goTo(node: number): Promise<void> {
    const display = this.sigma.getNodeDisplayData(String(node));
    if (display === undefined) return;
    await this.sigma.getCamera().animate({ x: display.x, y: display.y, ratio: 0.5 }, { duration: 300 });
  }

  #isForward(index: number): boolean {
    const { node, class: wanted } = this.#emphasis;
    if (node !== undefined) return index === node || this.#graph.areNeighbors(index, node);
    return wanted === undefined || this.#scene.nodes[index]!.predicted === wanted;
  }

  #nodeLook(index: number): Partial<NodeDisplayData> {
    const { page, ink } = this.#theme;
    const { classes, nodes } = this.#scene;
    const { color, known, missed, radius, name, x, y } = nodes[index]!;
    const forward = this.#isForward(index);
    const truth = missed === undefined ? undefined : (classes[missed]?.color ?? ink);
    const rim = known === undefined ? (truth ?? page) : ink;
    const ring = known !== undefined || missed !== undefined;
    const look = {
      x,
      y: -y,
      size: ring ? radius * 1.12 + 1 : radius,
      label: forward ? name : "",
      color: forward ? color : mixed(page, color, 0.15),
      zIndex: (forward ? 2 : 0) + (ring ? 1 : 0),
      // Where a label has room beside it, sigma leaves out what would overlap; names inside of circles never do.
      forceLabel:
        forward &&
        (fitsInside(name) || known !== undefined || index === this.#emphasis.node) &&
        nodes.length <= MANY_NODES,
      borderColor: forward ? rim : mixed(page, rim, 0.15),
      gapColor: page,
      borderSize: ring ? 0.11 : 0.06,
      gapSize: ring ? 0.06 : 0,
    };
    return look;
  }

  #edgeLook(index: number): Partial<EdgeDisplayData> {
    const { page, edge } = this.#theme;
    const { edges, nodes } = this.#scene;
    const { a, b, aAttends, bAttends, attention } = edges[index]!;
    const { node } = this.#emphasis;
    const forward = node === undefined ? this.#isForward(a) && this.#isForward(b) : a === node || b === node;
    // With a node put forward, its edges show where that node looks.
    const shown = a === node ? aAttends : b === node ? bAttends : attention;
    const share = shown / Math.max(edges[edges.length - 1]!.attention, 1e-9);
    const many = nodes.length > MANY_NODES && node === undefined;
    const [thinnest, widest, faintest] = many ? [0.3, 2.5, 0.12] : [0.7, 6, 0.25];
    return {
      size: thinnest + widest * share,
      color: mixed(page, edge, forward ? faintest + (0.8 - faintest) * share : 0.05),
      zIndex: forward ? 1 + index : 0,
      hidden: node !== undefined && !forward,
    };
  }

  #drawLabel(context: Label[0], data: Label[1], settings: Label[2]): void {
    if (!data.label) return;
    const { ink, page } = this.#theme;
    const inside = fitsInside(data.label);
    const size = inside ? Math.min(14, data.size * 1.05) : settings.labelSize;
    context.font = `${inside ? 500 : 600} ${size}px ${settings.labelFont}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const y = inside ? data.y : data.y + data.size + 10;
    if (!inside) {
      context.lineWidth = 4;
      context.lineJoin = "round";
      context.strokeStyle = page;
      context.strokeText(data.label, data.x, y);
    }
    // Circles are light in both themes: names inside of them are dark in both.
    context.fillStyle = inside ? "#14181d" : ink;
    context.fillText(data.label, data.x, y);
  }
}

const borders = [
  { size: { attribute: "borderSize", defaultValue: 0 }, color: { attribute: "borderColor" } },
  { size: { attribute: "gapSize", defaultValue: 0 }, color: { attribute: "gapColor" } },
  { size: { fill: true }, color: { attribute: "color" } },
] as const;

function fitsInside(name: string): boolean {
  return name.length <= 3;
}

/** The nodes and edges of the scene under their indices. How they look follows from the scene alone, in the reducers. */
function graphOf({ nodes, edges }: Scene): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (const [index, { x, y }] of nodes.entries()) graph.addNode(index, { x, y: -y });
  for (const [index, { a, b }] of edges.entries()) graph.addUndirectedEdgeWithKey(index, a, b);
  return graph;
}
