/** Where nodes begin: on a sunflower's spiral, evenly spread, the same for every run. `[x, y, x, y, …]`. */
export function startingPlaces(nodes: number): Float32Array<ArrayBuffer> {
  const golden = Math.PI * (3 - Math.sqrt(5));
  const places = new Float32Array(2 * nodes);
  for (let i = 0; i < nodes; i++) {
    const radius = 10 * Math.sqrt(i + 0.5);
    places[2 * i] = radius * Math.cos(i * golden);
    places[2 * i + 1] = radius * Math.sin(i * golden);
  }
  return places;
}
