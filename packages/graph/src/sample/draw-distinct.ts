import type { Random } from "@vicinal/core";

/** Up to so many numbers, looking through those that were drawn is faster than looking them up. */
const few = 24;

/**
 * Draws `count` different whole numbers below `limit`, every set of them with the same probability, and hands each to `take`: Floyd's method
 * (Bentley and Floyd, "A Sample of Brilliance", CACM 1987), whose time depends on `count` alone. The order is not random. Needs
 * `count <= limit`.
 */
export function drawDistinct(count: number, limit: number, random: Random, take: (drawn: number) => void): void {
  if (count > few) drawMany(count, limit, random, take);
  else drawFew(count, limit, random, take);
}

const drawn = new Float64Array(few);

function drawFew(count: number, limit: number, random: Random, take: (drawn: number) => void): void {
  for (let k = 0; k < count; k++) {
    const last = limit - count + k;
    let next = random.integer(last + 1);
    for (let j = 0; j < k; j++) {
      if (drawn[j] !== next) continue;
      next = last;
      break;
    }
    drawn[k] = next;
    take(next);
  }
}

function drawMany(count: number, limit: number, random: Random, take: (drawn: number) => void): void {
  const seen = new Set<number>();
  for (let last = limit - count; last < limit; last++) {
    const draw = random.integer(last + 1);
    const next = seen.has(draw) ? last : draw;
    seen.add(next);
    take(next);
  }
}
