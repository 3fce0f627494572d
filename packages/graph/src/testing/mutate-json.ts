import type { Random } from "@vicinal/core";

/** Values that someone who wants to break a reader may put anywhere. */
const odd: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2,
  7,
  0.5,
  1.5,
  -0.1,
  64,
  1000,
  65536,
  65537,
  1e6,
  2 ** 31,
  2 ** 53 - 1,
  1e300,
  "",
  "1",
  "gat",
  "function",
  "made",
  "none",
  "constructor",
  "__proto__",
  "../../x",
  "é",
  "x".repeat(300),
  [],
  [null],
  [1, 2, 3],
  ["a", "b"],
  {},
  { a: {} },
  { length: 1e9 },
  { attribute: "age" },
  { kind: "models", name: "gat", options: {} },
];
const oddNames = [
  "__proto__",
  "constructor",
  "toString",
  "length",
  "",
  "random",
  "engine",
  "registry",
  "inputs",
  "hidden",
  "layers",
  "x",
];

/** A JSON text with one to three changes where its meaning is: values, names, what is there, and where. */
export function mutateJson(text: string, random: Random): string {
  const root: unknown = JSON.parse(text);
  let result = text;
  for (let k = random.integer(3); k >= 0; k--) {
    const places = placesOf(root);
    if (places.length === 0) break;
    const { holder, key } = places[random.integer(places.length)]!;
    change(holder, key, places, random);
    result = JSON.stringify(root);
  }
  // A name that an object has twice, and depth, are there in text alone.
  if (random.integer(40) === 0) return result.replace(/"(\w+)":/, (name) => `${name}1,${name}`);
  if (random.integer(40) === 0) return result.replace(/"options":/, `"options":${"[".repeat(100)}`);
  return result;
}

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

function placesOf(value: unknown): Place[] {
  if (!isHolder(value)) return [];
  return Object.keys(value).flatMap((key) => [
    { holder: value, key },
    ...placesOf(Object.getOwnPropertyDescriptor(value, key)?.value),
  ]);
}

function isHolder(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === "object" && value !== null;
}

function change(holder: Place["holder"], key: string, places: readonly Place[], random: Random): void {
  const other = places[random.integer(places.length)]!;
  const elsewhere: unknown = Object.getOwnPropertyDescriptor(other.holder, other.key)?.value;
  const own: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  switch (random.integer(6)) {
    case 0:
      put(holder, key, typeof own === "number" ? nearby(own, random) : oddValue(random));
      break;
    case 1:
      put(holder, key, oddValue(random));
      break;
    case 2:
      // A value from another place.
      put(holder, key, structuredClone(elsewhere));
      break;
    case 3:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 4:
      if (!Array.isArray(holder)) put(holder, oddNames[random.integer(oddNames.length)]!, structuredClone(own));
      break;
    default:
      if (Array.isArray(holder)) holder.push(structuredClone(own));
      else if (Array.isArray(own)) random.shuffle(own);
      else put(holder, key, [own]);
  }
}

function nearby(value: number, random: Random): number {
  return [value + 1, value - 1, value * 2, value * 1000, -value][random.integer(5)]!;
}

function oddValue(random: Random): unknown {
  return structuredClone(odd[random.integer(odd.length)]);
}

function put(holder: Place["holder"], key: string, value: unknown): void {
  // An assignment to `__proto__` would change no property.
  Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
}
