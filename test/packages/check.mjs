/**
 * Packs every public package and asks publint and "are the types wrong" about the tarball, as someone who installs it would find
 * it.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const packages = join(root, "packages");
const bin = (name) => join(root, "node_modules/.bin", name);
const folder = mkdtempSync(join(tmpdir(), "vicinal-packages-"));

try {
  for (const name of readdirSync(packages)) {
    const cwd = join(packages, name);
    execFileSync("npx", ["-y", "pnpm@12.21.0", "pack", "--pack-destination", folder], {
      cwd,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  for (const tarball of readdirSync(folder)) {
    console.log(tarball);
    execFileSync(bin("publint"), ["run", join(folder, tarball), "--strict"], { stdio: "inherit" });
    execFileSync(bin("attw"), [join(folder, tarball), "--profile", "esm-only"], { stdio: "inherit" });
  }
} finally {
  rmSync(folder, { recursive: true });
}
