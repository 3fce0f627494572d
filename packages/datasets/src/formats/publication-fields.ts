import { z } from "zod";

/** What every `meta.json` says of where its data come from, and of what was reached on them. */
export const publicationFields = {
  source: z
    .object({ repository: z.string(), commit: z.string().optional(), licence: z.string().optional() })
    .optional(),
  citation: z.array(z.string()).default([]),
  reference_results: z
    .array(
      z.object({
        model: z.string(),
        value: z.number(),
        std: z.number().nullish(),
        protocol: z.string().default(""),
        source: z.string().default(""),
      }),
    )
    .default([]),
};
