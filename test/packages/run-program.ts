import { execFile } from "node:child_process";
import { basename } from "node:path";

/**
 * Runs a program to its end and returns what it printed.
 *
 * @throws Error with all that the program printed, when it ends with another status than 0.
 */
export function runProgram(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((done, fail) => {
    execFile(command, args, { cwd, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error) fail(new Error(`${[basename(command), ...args].join(" ")} in ${cwd}\n${stdout}${stderr}`));
      else done(stdout);
    });
  });
}
