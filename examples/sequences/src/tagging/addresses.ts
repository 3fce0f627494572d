import type { Random } from "@vicinal/core";
import { givenNames, placeNames } from "./names.ts";

/** The parts of an address. */
export const labels = [
  "recipient",
  "building",
  "unit",
  "house",
  "street",
  "city",
  "region",
  "postcode",
  "country",
] as const;
export type Label = (typeof labels)[number];

/** How addresses are written in a country. */
export type Layout = keyof typeof layouts;

/** An address, word by word. A comma is a word of its own, and no part. */
export interface Address {
  readonly layout: Layout;
  readonly words: readonly string[];
  /** For each word the part that it belongs to; undefined for a comma. */
  readonly labels: readonly (Label | undefined)[];
}

/** The names that addresses are made with, for each layout. The same names serve as cities, streets, buildings and family names. */
export type Names = Readonly<Record<Layout, { readonly places: readonly string[]; readonly given: readonly string[] }>>;

type Part = readonly [label: Label | undefined, text: string];

/** What layouts draw from. */
class Draw {
  readonly random: Random;
  readonly names: Names[Layout];

  constructor(random: Random, names: Names[Layout]) {
    this.random = random;
    this.names = names;
  }

  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }

  maybe(probability: number, ...parts: Part[]): Part[] {
    return this.chance(probability) ? parts : [];
  }

  of(...items: string[]): string {
    return items[this.random.integer(items.length)]!;
  }

  place(): string {
    return this.of(...this.names.places);
  }

  number(low: number, high: number): string {
    return String(low + this.random.integer(high - low + 1));
  }

  letters(count: number): string {
    return Array.from({ length: count }, () => this.of(..."ABCDEFGHJKLMNPRSTWYZ")).join("");
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.number(0, 9)).join("");
  }

  /** A person, or a business named after a place. */
  recipient(...businesses: string[]): Part[] {
    const person = `${this.of(...this.names.given)} ${this.place()}`;
    return this.maybe(
      0.5,
      ["recipient", this.chance(0.6) ? person : `${this.of(...businesses)} ${this.place()}`],
      comma,
    );
  }
}

const comma: Part = [undefined, ","];

/**
 * One national layout each. Numbers are house numbers, units, parts of streets or postcodes by where they stand; so are names.
 */
const layouts = {
  american: (draw: Draw): Part[] => {
    const type = draw.of("Street", "Avenue", "Road", "Drive", "Lane", "Boulevard", "Highway");
    const numbered = `${draw.of("4th", "9th", "12th", "31st", "42nd", "53rd", "110th")} ${type}`;
    const named = draw.chance(0.15) ? `${draw.of("San", "Santa", "Mount")} ${draw.place()}` : draw.place();
    const direction = draw.chance(0.2) ? `${draw.of("North", "South", "East", "West")} ` : "";
    const unit = `${draw.of("Apt", "Suite", "Unit")} ${draw.chance(0.3) ? draw.letters(1) : draw.number(1, 2400)}`;
    const city = draw.chance(0.2) ? `${draw.of("New", "Fort", "San", "Saint", "West")} ${draw.place()}` : draw.place();
    const state = draw.chance(0.8)
      ? draw.of("TX", "CA", "NY", "WA", "OH", "GA", "IL", "VA", "NC", "MO")
      : draw.of("Texas", "Washington", "Georgia", "Virginia", "Ohio");
    const plusFour = draw.chance(0.15) ? `-${draw.digits(4)}` : "";
    return [
      ...draw.recipient("Hotel", "Museum", "Cafe", "Bank"),
      ["house", draw.number(1, draw.chance(0.3) ? 19999 : 990)],
      ["street", direction + (draw.chance(0.25) ? numbered : `${named} ${type}`)],
      comma,
      ...draw.maybe(0.35, ["unit", unit], comma),
      ["city", city],
      comma,
      ["region", state],
      ["postcode", draw.digits(5) + plusFour],
      ...draw.maybe(0.3, comma, ["country", draw.of("USA", "United States")]),
    ];
  },
  british: (draw: Draw): Part[] => {
    const type = draw.of("Street", "Road", "Lane", "Avenue", "Gardens", "Square", "Hill", "Way");
    const street = `${draw.chance(0.15) ? draw.of("Old ", "New ", "Upper ") : ""}${draw.place()} ${type}`;
    const city = draw.chance(0.15) ? `${draw.place()} ${draw.of("on", "upon", "under")} ${draw.place()}` : draw.place();
    const county = draw.chance(0.5)
      ? draw.of("Kent", "Surrey", "Devon", "Norfolk")
      : `${draw.of("West", "East")} Sussex`;
    return [
      ...draw.recipient("Hotel", "Museum", "Cafe", "Bank"),
      ...draw.maybe(0.3, ["unit", `${draw.of("Flat", "Unit")} ${draw.number(1, 60)}`], comma),
      ...draw.maybe(0.25, ["building", `${draw.place()} ${draw.of("House", "Court", "Hall")}`], comma),
      ["house", draw.number(1, 240) + (draw.chance(0.1) ? draw.letters(1).toLowerCase() : "")],
      ["street", street],
      comma,
      ["city", city],
      comma,
      ...draw.maybe(0.3, ["region", county], comma),
      ["postcode", `${draw.letters(2)}${draw.number(1, 19)} ${draw.number(1, 9)}${draw.letters(2)}`],
      ...draw.maybe(0.3, comma, ["country", draw.of("UK", "United Kingdom", "England")]),
    ];
  },
  french: (draw: Draw): Part[] => {
    const type = draw.of("rue", "avenue", "boulevard", "place", "chemin");
    const street = draw.of(
      `${type} de ${draw.place()}`,
      `${type} ${draw.place()}`,
      `${type} du ${draw.number(2, 30)} ${draw.of("Mai", "Juin", "Novembre")} ${draw.number(1914, 1962)}`,
      `${type} Saint ${draw.place()}`,
    );
    const city = draw.chance(0.2) ? `${draw.of("Le", "La", "Saint")} ${draw.place()}` : draw.place();
    return [
      ...draw.recipient("Hôtel", "Musée", "Café", "Pharmacie"),
      ...draw.maybe(0.2, ["building", `${draw.of("Résidence", "Bâtiment")} ${draw.place()}`], comma),
      ...draw.maybe(0.2, ["unit", `${draw.of("Appartement", "Étage")} ${draw.number(1, 80)}`], comma),
      ["house", draw.number(1, 240) + (draw.chance(0.15) ? ` ${draw.of("bis", "ter")}` : "")],
      ["street", street],
      comma,
      ["postcode", draw.digits(5)],
      ["city", city + (draw.chance(0.1) ? ` Cedex ${draw.number(1, 19)}` : "")],
      ...draw.maybe(0.3, comma, ["country", "France"]),
    ];
  },
  german: (draw: Draw): Part[] => {
    const street = draw.of(
      `${draw.place()}straße`,
      `${draw.of("Alte", "Neue", "Große")} ${draw.place()}straße`,
      `${draw.of("Am", "Zum")} ${draw.place()}`,
      `Straße des ${draw.number(2, 30)}. ${draw.of("Juni", "Oktober", "Mai")}`,
    );
    const city = draw.place() + (draw.chance(0.2) ? ` ${draw.of("am", "an der")} ${draw.place()}` : "");
    return [
      ...draw.recipient("Hotel", "Museum", "Bäckerei", "Apotheke"),
      ["street", street],
      ["house", draw.number(1, 240) + (draw.chance(0.1) ? ` ${draw.letters(1).toLowerCase()}` : "")],
      comma,
      ...draw.maybe(0.2, ["unit", `${draw.of("Wohnung", "Etage")} ${draw.number(1, 80)}`], comma),
      ["postcode", draw.digits(5)],
      ["city", city],
      ...draw.maybe(0.3, comma, ["country", "Deutschland"]),
    ];
  },
  spanish: (draw: Draw): Part[] => {
    const street = draw.of(
      `Calle de ${draw.place()}`,
      `Calle ${draw.place()}`,
      `Avenida de ${draw.place()}`,
      `Calle ${draw.number(2, 30)} de ${draw.of("Mayo", "Octubre")}`,
      `Plaza de San ${draw.place()}`,
    );
    return [
      ...draw.recipient("Hotel", "Museo", "Café", "Farmacia"),
      ["street", street],
      ...(draw.chance(0.5) ? [comma] : []),
      ["house", draw.number(1, 240)],
      comma,
      ...draw.maybe(
        0.4,
        ["unit", `${draw.number(1, 9)}º ${draw.chance(0.5) ? draw.letters(1) : draw.of("izquierda", "derecha")}`],
        comma,
      ),
      ["postcode", draw.digits(5)],
      ["city", draw.chance(0.15) ? `${draw.of("San", "Santa", "La")} ${draw.place()}` : draw.place()],
      ...draw.maybe(0.2, comma, ["region", draw.place()]),
      ...draw.maybe(0.3, comma, ["country", "España"]),
    ];
  },
};

export const layoutNames: readonly Layout[] = ["american", "british", "french", "german", "spanish"];

/**
 * Splits the names in two: what is learned from and, one in three of each list, what is held out. A name that is in several lists is on the same
 * side in all.
 */
export function splitNames(random: Random): { readonly learned: Names; readonly heldOut: Names } {
  const isHeldOut = new Map<string, boolean>();
  for (const names of layoutNames.flatMap((layout) => [placeNames[layout], givenNames[layout]])) {
    const undecided = random.shuffle(names.filter((name) => !isHeldOut.has(name)));
    undecided.forEach((name, k) => {
      isHeldOut.set(name, k < undecided.length / 3);
    });
  }
  const namesOf = (layout: Layout, side: boolean): Names[Layout] => ({
    places: placeNames[layout].filter((name) => isHeldOut.get(name) === side),
    given: givenNames[layout].filter((name) => isHeldOut.get(name) === side),
  });
  const sideOf = (side: boolean): Names => ({
    american: namesOf("american", side),
    british: namesOf("british", side),
    french: namesOf("french", side),
    german: namesOf("german", side),
    spanish: namesOf("spanish", side),
  });
  return { learned: sideOf(false), heldOut: sideOf(true) };
}

/** Addresses in all layouts, equally often. Of one address in four the commas are left out. */
export function drawAddresses(count: number, names: Names, random: Random): Address[] {
  return Array.from({ length: count }, () => {
    const layout = layoutNames[random.integer(layoutNames.length)]!;
    const draw = new Draw(random, names[layout]);
    const isWithoutCommas = draw.chance(0.25);
    const words = layouts[layout](draw)
      .filter(([label]) => label !== undefined || !isWithoutCommas)
      .flatMap(([label, text]) => text.split(" ").map((word) => ({ label, word })));
    return { layout, words: words.map(({ word }) => word), labels: words.map(({ label }) => label) };
  });
}
