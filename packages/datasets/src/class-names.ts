/** `"0"`, `"1"`, …: names for classes that the publisher only numbers. */
export function numberedClasses(count: number): string[] {
  return Array.from({ length: count }, (_, number) => String(number));
}
