/**
 * A module of Node, or undefined outside of it. Not imported: a bundler for pages would look for it, and a dynamic import would make
 * its users wait.
 */
export function builtinModule(name: string): Readonly<Record<string, unknown>> | undefined {
  const host: unknown = Reflect.get(globalThis, "process");
  if (!isObject(host)) return undefined;
  const { getBuiltinModule } = host;
  const found: unknown = typeof getBuiltinModule === "function" ? getBuiltinModule.call(host, name) : undefined;
  return isObject(found) ? found : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
