const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Where the power series of the distribution hands over to the continued fraction of its tail. */
const TAIL = 3;

/** `phi(x) = exp(-x^2 / 2) / sqrt(2 pi)`. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_TWO_PI;
}

/**
 * `Phi(x) = (1 + erf(x / sqrt 2)) / 2`, to about 1e-15: by its power series in the middle, `1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...)`
 * (Marsaglia, "Evaluating the normal distribution", 2004), and in the tails by Laplace's continued fraction,
 * `Phi(-a) = phi(a) / (a + 1 / (a + 2 / (a + 3 / ...)))`.
 */
export function normalDistribution(x: number): number {
  if (x < -TAIL) return normalTail(-x);
  if (x > TAIL) return 1 - normalTail(x);
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

function normalTail(a: number): number {
  let fraction = a;
  for (let k = 100; k > 0; k--) fraction = a + k / fraction;
  return normalDensity(a) / fraction;
}
