import { corePlugin, createRegistry, type TypedRegistry } from "@vicinal/core";
import { graphPlugin } from "./graph-plugin.ts";

let made: TypedRegistry<typeof corePlugin | typeof graphPlugin> | undefined;

/** What this package and `@vicinal/core` have, by name: the registry of everything that is given none. Always the same value. */
export function builtInRegistry(): TypedRegistry<typeof corePlugin | typeof graphPlugin> {
  made ??= createRegistry([corePlugin, graphPlugin]);
  return made;
}
