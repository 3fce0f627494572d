export { hostileGraph, hostileNames } from "./hostile-graph.ts";
export { madeUpLabeling } from "./made-up-labeling.ts";
