/** The error that work throws, or rejects with. @throws Error if it does neither. */
export async function refused(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error");
}
