/** A piece of a drawing. */
export interface DrawnShape {
  readonly tag: ShapeTag;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of a text: the symbol of an atom, or a charge. */
  readonly text: string;
}

/** A drawing as data: nothing of it is markup any more. */
export interface DrawnShapes {
  readonly width: number;
  readonly height: number;
  /** `[atoms]`: where the disc behind each atom is. */
  readonly discs: readonly DrawnShape[];
  readonly shapes: readonly DrawnShape[];
}

/** The elements that openchemlib draws molecules with; nothing else comes through. */
const shapeTags = ["circle", "ellipse", "line", "path", "polygon", "polyline", "rect", "text"] as const;
type ShapeTag = (typeof shapeTags)[number];

/** Places, sizes, strokes and colours: nothing that names an address, a style sheet or a script. */
const geometry =
  /^(?:x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|d|points|width|height|font-size|stroke-width|stroke-dasharray|fill-opacity|stroke-opacity|opacity)$/;
const colors = /^(?:fill|stroke)$/;
const numbers = /^[\d\s.,+\-eMLHVCSQTAZmlhvcsqtaz]*$/;
const color = /^(?:none|#[\da-f]{3,8}|[a-z]{3,20}|rgb\([\d\s,.%]+\))$/i;

/**
 * Takes apart an SVG that `moleculeSvg` made. The text is parsed into a document that is never shown; of its elements, only those that molecules are drawn
 * with are copied, with attributes that hold numbers or a colour.
 *
 * @param atoms Count of atoms: so many circles at its beginning are the discs behind them.
 */
export function drawingShapes(svg: string, atoms: number): DrawnShapes | undefined {
  const { documentElement: root } = new DOMParser().parseFromString(svg, "image/svg+xml");
  const [width, height] = [Number(root.getAttribute("width")), Number(root.getAttribute("height"))];
  if (root.tagName !== "svg" || !(width > 0 && height > 0)) return undefined;
  const shapes = Array.from(root.querySelectorAll("*"), shapeOf).filter((shape) => shape !== undefined);
  const discs = shapes.slice(0, atoms);
  const hasDiscs = discs.length === atoms && discs.every(({ tag }) => tag === "circle");
  return { width, height, discs: hasDiscs ? discs : [], shapes: hasDiscs ? shapes.slice(atoms) : shapes };
}

function shapeOf(element: Element): DrawnShape | undefined {
  const tag = shapeTags.find((each) => each === element.tagName);
  if (tag === undefined) return undefined;
  const attributes = Object.fromEntries(
    Array.from(element.attributes, ({ name, value }) => [name, value] as const).filter(
      ([name, value]) => (geometry.test(name) && numbers.test(value)) || (colors.test(name) && color.test(value)),
    ),
  );
  return { tag, attributes, text: tag === "text" ? (element.textContent ?? "") : "" };
}
