import { type LearnLinksOptions, learnLinksOptionNames } from "../links/learn-links-options.ts";

/** Options of `embedNodes`: those of how links are learned. */
export type EmbedNodesOptions = LearnLinksOptions;

/** Options of `embedNodes.assign`. */
export type AssignEmbeddingsOptions = EmbedNodesOptions & {
  /** The attribute that gets the embedding. Default `"embedding"`. */
  readonly nodeEmbeddingAttribute?: string;
};

/** The names of {@link EmbedNodesOptions}. */
export const embedNodesOptionNames = learnLinksOptionNames satisfies readonly (keyof EmbedNodesOptions)[];

/** The names of {@link AssignEmbeddingsOptions}. */
export const assignEmbeddingsOptionNames = [
  ...embedNodesOptionNames,
  "nodeEmbeddingAttribute",
] as const satisfies readonly (keyof AssignEmbeddingsOptions)[];
