/**
 * Guides: a document is called by its first heading, and links to what is no page of the site lead to where the repository is read.
 */
import { relative, resolve } from "node:path";
import { Converter, RendererEvent } from "typedoc";

const root = resolve(import.meta.dirname, "../..");
const repository = "https://github.com/vicinal/vicinal";

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const heading = /^\s*# (.+)\n/.exec(document.content[0]?.text ?? "");
    if (heading === null) application.logger.error(`${document.name}: a guide begins with a heading, "# …".`);
    else document.name = heading[1].replaceAll("`", "");
  });
  application.renderer.on(RendererEvent.BEGIN, ({ project }) => {
    for (const reflection of [project, ...Object.values(project.reflections)]) {
      for (const parts of textsOf(reflection)) leadToRepository(parts, project);
    }
  });
}

/** The texts of a reflection that can have links. */
function textsOf({ content, readme, comment }) {
  return [content, readme, comment?.summary, ...(comment?.blockTags.map((tag) => tag.content) ?? [])].filter(
    (text) => text !== undefined,
  );
}

/** Pictures become part of the site, pages of it are linked as such: all other files are read in the repository. Of links to folders typedoc warns. */
function leadToRepository(parts, project) {
  for (const part of parts) {
    if (part.kind !== "relative-link" || typeof part.target !== "number") continue;
    const path = project.files.resolve(part.target, project);
    if (typeof path !== "string" || /\.(svg|png|jpe?g)$/.test(path)) continue;
    part.kind = "text";
    part.text = `${repository}/blob/main/${relative(root, path)}${part.targetAnchor ? `#${part.targetAnchor}` : ""}`;
  }
}
