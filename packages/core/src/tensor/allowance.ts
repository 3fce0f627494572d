import { FileError } from "../errors.ts";

/** How many numbers may still be made; undefined where nobody counts. */
let left: number | undefined;

/**
 * Runs `body`, in which tensors of at most so many numbers in all may be made: what is built as a file says is to take no more memory than the file gives
 * reason for.
 *
 * @throws FileError `too-large` for more; and what `body` throws.
 */
export function withinAllowance<Result>(numbers: number, body: () => Result): Result {
  const outer = left;
  left = numbers;
  try {
    return body();
  } finally {
    left = outer;
  }
}

/**
 * To be called before an array is made that becomes a tensor.
 *
 * @throws FileError `too-large`.
 */
export function checkAllowance(numbers: number): void {
  if (left === undefined || numbers <= left) return;
  throw new FileError(
    "too-large",
    `load: got a configuration that makes a tensor of ${numbers} numbers; expected at most ${left} more, which is what the file has room for. It is not the ` +
      "configuration of these tensors.",
  );
}

/**
 * To be called before the memory of a tensor is taken.
 *
 * @throws FileError `too-large`.
 */
export function spendAllowance(numbers: number): void {
  checkAllowance(numbers);
  if (left !== undefined) left -= numbers;
}
