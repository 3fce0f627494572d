/** The unit that a column names in brackets, such as `"logS (mol/l)"`; empty where it names none. */
export function unitOfColumn(column: string): string {
  return /[([]([^()[\]]{1,24})[)\]]\s*$/.exec(column)?.[1]?.trim() ?? "";
}
