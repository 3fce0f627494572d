import { FileError } from "@vicinal/core";

/** What is thrown where the configuration of a file says what cannot be. */
export function invalidConfiguration(where: string, got: string, expected: string): FileError {
  return new FileError(
    "invalid-configuration",
    `${where}: got ${got}; expected ${expected}. The file is damaged, or was not written as its format asks.`,
  );
}
