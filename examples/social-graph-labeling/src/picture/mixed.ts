/** `share` of the colour `b` in the colour `a`, all as `#rrggbb`. It runs in the page too, so it stays without a library. */
export function mixed(a: string, b: string, share: number): string {
  const channel = (position: number) => {
    const [from, to] = [a, b].map((color) => Number.parseInt(color.slice(position, position + 2), 16));
    return Math.round(from! + (to! - from!) * share)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
