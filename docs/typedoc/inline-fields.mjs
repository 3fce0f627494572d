/**
 * A field of an inline type (`dropout?: { probability, seed }`, the operands of a kernel) is documented by the comment of what has that type:
 * typedoc is told not to ask for one on each field.
 */
import { Converter, ReflectionKind } from "typedoc";

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const fields = project
      .getReflectionsByKind(ReflectionKind.Property)
      // Of what another package defines typedoc asks for nothing.
      .filter(
        (field) =>
          field.sources?.[0]?.fileName.startsWith(project.packageName?.replace("@vicinal/", "packages/") ?? "") !==
          false,
      )
      .filter((field) => !field.hasComment() && field.parent?.kindOf(ReflectionKind.TypeLiteral) && isExplained(field));
    const names = new Set(fields.map((field) => field.getFriendlyFullName()));
    application.options.setValue("intentionallyNotDocumented", [...names]);
  });
}

/** Whether a comment stands on what the field belongs to, below the module. Of parameters typedoc asks for nothing anyway. */
function isExplained(field) {
  let isCommented = false;
  for (
    let owner = field.parent;
    owner !== undefined && !owner.kindOf(ReflectionKind.SomeModule);
    owner = owner.parent
  ) {
    if (owner.kindOf(ReflectionKind.Parameter)) return false;
    isCommented ||= owner.hasComment() || owner.signatures?.some((signature) => signature.hasComment()) === true;
  }
  return isCommented;
}
