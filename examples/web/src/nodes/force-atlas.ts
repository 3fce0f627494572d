import forceAtlas2 from "graphology-layout-forceatlas2";

type ForceAtlas2 = typeof import("graphology-layout-forceatlas2").default;

/** The package is CommonJS whose types promise a `default` that is not there: it is taken as what it is. */
export const forceAtlas: ForceAtlas2 = found(forceAtlas2);

function found(value: unknown): ForceAtlas2 {
  if (isLayout(value)) return value;
  throw new Error("graphology-layout-forceatlas2 is another module than it was.");
}

function isLayout(value: unknown): value is ForceAtlas2 {
  return typeof value === "function" && "assign" in value && "inferSettings" in value;
}
