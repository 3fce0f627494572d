import { h } from "preact";
import { useMemo } from "preact/hooks";
import { atomColors } from "./attention.ts";
import { type DrawnShape, drawingShapes } from "./drawing-shapes.ts";

export interface MoleculeDrawingProps {
  /** Undefined until it is drawn. */
  readonly svg: string | undefined;
  readonly elements: readonly string[];
  /** `[atoms]`, summing to 1. */
  readonly attention: readonly number[] | undefined;
  /** What it shows, for those who cannot see it. */
  readonly description: string;
}

/** Room around the drawing for discs at its rim. */
const room = 12;

/** A molecule with a disc behind each atom, in one colour where it got more attention than an equal share, in another where less. */
export function MoleculeDrawing({ svg, elements, attention, description }: MoleculeDrawingProps) {
  const drawn = useMemo(
    () => (svg === undefined ? undefined : drawingShapes(svg, elements.length)),
    [svg, elements.length],
  );
  const colors = attention === undefined ? [] : atomColors(attention);
  if (drawn === undefined) return <div class="drawing" role="img" aria-label={description} />;
  const { width, height, discs, shapes } = drawn;
  return (
    <svg
      class="drawing"
      viewBox={`${-room} ${-room} ${width + 2 * room} ${height + 2 * room}`}
      role="img"
      aria-label={description}
    >
      {discs.map(({ attributes: { cx, cy, r } }, atom) => (
        <circle
          key={atom}
          class={`disc ${colors[atom]?.side ?? "more"}`}
          cx={cx}
          cy={cy}
          r={r}
          style={{ opacity: colors[atom]?.opacity ?? 0 }}
        >
          {attention !== undefined && (
            <title>{`${elements[atom]} ${atom + 1}: ${(100 * (attention[atom] ?? 0)).toFixed(1)} % of the attention`}</title>
          )}
        </circle>
      ))}
      <g class="strokes">{shapes.map(shapeElement)}</g>
    </svg>
  );
}

function shapeElement({ tag, attributes, text }: DrawnShape, key: number) {
  return h(tag, { ...attributes, key }, text);
}
