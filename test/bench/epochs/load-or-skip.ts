import { VicinalError } from "@vicinal/core";
import type { Skipped } from "../run/peer-group.ts";

/** What `load` gives, or why it cannot be had: data come from the folder that `VICINAL_DATA` names, or are downloaded. */
export async function loadOrSkip<Data extends object>(load: () => Promise<Data>): Promise<Data | Skipped> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof VicinalError)) throw error;
    return { skipped: `${error.message} VICINAL_DATA can name a folder that has the data.` };
  }
}
