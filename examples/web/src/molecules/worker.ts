import { embeddedSmiles } from "./embedded-smiles.ts";
import type { MoleculeRequest } from "./protocol.ts";
import { MoleculeSession } from "./session.ts";

/** Chemistry and training, away from the page: openchemlib is loaded here and nowhere else. */
const session = new MoleculeSession((reply) => postMessage(reply), embeddedSmiles());

addEventListener("message", ({ data }: MessageEvent<MoleculeRequest>) => void session.handle(data));
