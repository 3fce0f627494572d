import { checkPlugin } from "./check-plugin.ts";
import type { Plugin } from "./plugin.ts";

/** The fields of an object that a {@link Plugin} does not have, as errors. */
export type NoOtherFields<Given> = { readonly [Field in Exclude<keyof Given, keyof Plugin>]: never };

/**
 * A plug-in with the types of its entries: registries that have it then know its names and check the options of what they make.
 *
 * ```ts
 * export const distancePlugin = definePlugin({
 *   name: "vicinal-distance",
 *   version: "1.0.0",
 *   scores: { "distance-decayed": (options: { decay?: number }) => distanceDecayed(options) },
 * });
 * ```
 *
 * @throws PluginError `wrong-field` or `unknown-field`, naming the plug-in and the field.
 */
export function definePlugin<const Given extends Plugin>(plugin: Given & NoOtherFields<Given>): Given {
  checkPlugin("definePlugin", plugin);
  return plugin;
}
