import type { PluginKind, PluginKinds } from "./plugin-kinds.ts";

/** What a {@link Registry} tells of a plug-in. */
export interface PluginIdentity {
  /** The name of its package. */
  readonly name: string;
  /** Its version, such as `"1.2.0"`. */
  readonly version: string;
  /** How to get it. */
  readonly install: string;
}

/** The entries of a kind of one of several plug-ins. */
export type EntriesOf<Of, Kind extends PluginKind> = Of extends { readonly [Field in Kind]?: infer Given }
  ? NonNullable<Given>
  : never;

/** The names of what plug-ins have of a kind. */
export type NameOf<Of, Kind extends PluginKind> = Of extends unknown
  ? // A plug-in without entries of the kind: `never`, whose keys would be any.
    [EntriesOf<Of, Kind>] extends [never]
    ? never
    : keyof EntriesOf<Of, Kind> & string
  : never;

/** The factory of a name. */
export type FactoryOf<Of, Kind extends PluginKind, Name> = Of extends unknown
  ? Name extends keyof EntriesOf<Of, Kind>
    ? EntriesOf<Of, Kind>[Name]
    : never
  : never;

/** What the factory of a name makes. */
export type MadeBy<Of, Kind extends PluginKind, Name> =
  FactoryOf<Of, Kind, Name> extends (...given: never) => infer Made ? Made : never;

/** What follows the name: the options that a factory takes, which may be left out where all of them may. */
export type OptionsOf<Make> = Make extends (options: infer Options, ...rest: never) => unknown
  ? unknown extends Options
    ? [options?: undefined]
    : Record<never, never> extends Options
      ? [options?: Exclude<Options, undefined>]
      : [options: Options]
  : never;

/** The factory's options of a name. */
export type ArgumentsOf<Of, Kind extends PluginKind, Name> = OptionsOf<FactoryOf<Of, Kind, Name>>;

/**
 * What several plug-ins have, by name: an immutable value that is passed to what looks for names. Two of them do not know of each other. Made by
 * {@link createRegistry}; where names are known when a program is written, {@link TypedRegistry} checks names and options.
 */
export interface Registry {
  /** The plug-ins, in the order given. */
  readonly plugins: readonly PluginIdentity[];
  /** Whether a plug-in has an entry of this name. */
  has(kind: PluginKind, name: string): boolean;
  /** The names of all entries of a kind, sorted. */
  names(kind: PluginKind): readonly string[];
  /** The plug-in that has an entry; undefined where none has. */
  pluginOf(kind: PluginKind, name: string): PluginIdentity | undefined;
  /**
   * Makes what has a name that is known at run time only. Its options are checked by the factory.
   *
   * @throws PluginError `unknown-name` for a name that no plug-in has, `wrong-result` naming the plug-in and the field if its factory makes something else;
   * and what the factory throws.
   */
  make<Kind extends PluginKind>(kind: Kind, name: string, options?: object): PluginKinds[Kind];
  /**
   * Whether models that a plug-in of this version saved can be loaded.
   *
   * @throws PluginError `missing-plugin` or `version-out-of-range`, naming the plug-in.
   */
  checkSavedWith(saved: PluginIdentity): void;
}

/** A {@link Registry} that knows the types of its plug-ins: a name that none has, or a wrong option, does not compile. */
export interface TypedRegistry<Of> extends Registry {
  /** A score by name. @throws As {@link Registry.make}. */
  score<Name extends NameOf<Of, "scores">>(
    name: Name,
    ...options: ArgumentsOf<Of, "scores", Name>
  ): MadeBy<Of, "scores", Name>;
  /** A normalizer by name. @throws As {@link Registry.make}. */
  normalizer<Name extends NameOf<Of, "normalizers">>(
    name: Name,
    ...options: ArgumentsOf<Of, "normalizers", Name>
  ): MadeBy<Of, "normalizers", Name>;
  /** A position or a structural encoding by name. @throws As {@link Registry.make}. */
  encoding<Name extends NameOf<Of, "encodings">>(
    name: Name,
    ...options: ArgumentsOf<Of, "encodings", Name>
  ): MadeBy<Of, "encodings", Name>;
  /** A layer by name. @throws As {@link Registry.make}. */
  layer<Name extends NameOf<Of, "layers">>(
    name: Name,
    ...options: ArgumentsOf<Of, "layers", Name>
  ): MadeBy<Of, "layers", Name>;
  /** A read-out by name. @throws As {@link Registry.make}. */
  readout<Name extends NameOf<Of, "readouts">>(
    name: Name,
    ...options: ArgumentsOf<Of, "readouts", Name>
  ): MadeBy<Of, "readouts", Name>;
  /** An initializer by name. @throws As {@link Registry.make}. */
  initializer<Name extends NameOf<Of, "initializers">>(
    name: Name,
    ...options: ArgumentsOf<Of, "initializers", Name>
  ): MadeBy<Of, "initializers", Name>;
  /** An engine by name. @throws As {@link Registry.make}. */
  engine<Name extends NameOf<Of, "engines">>(
    name: Name,
    ...options: ArgumentsOf<Of, "engines", Name>
  ): MadeBy<Of, "engines", Name>;
  /** A network by name. @throws As {@link Registry.make}. */
  model<Name extends NameOf<Of, "models">>(
    name: Name,
    ...options: ArgumentsOf<Of, "models", Name>
  ): MadeBy<Of, "models", Name>;
}
