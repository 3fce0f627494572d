const longest = 80;

/** A name out of a file for a message: quoted, control characters escaped, and cut, because a name may be as long as its file. */
export function shown(name: string): string {
  return JSON.stringify(name.length > longest ? `${name.slice(0, longest)}…` : name);
}

/** A shape out of a file for a message, cut, because it may have as many dimensions as its file has room for. */
export function shownShape(shape: readonly number[]): string {
  const most = 8;
  return `[${shape.slice(0, most).join(", ")}${shape.length > most ? `, … ${shape.length} dimensions` : ""}]`;
}
