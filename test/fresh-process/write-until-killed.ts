/** Given FILE, writes it over and over, each time with as many bytes of another number, until it is killed. */
import { writeFileSafely } from "@vicinal/core/node";

const [, , file = ""] = process.argv;
for (let k = 0; ; k++) {
  await writeFileSafely(file, new Uint8Array(4_000_000 + (k % 7)).fill(k % 251));
  if (k === 0) console.log("the first is there");
}
