import { useEffect, useReducer, useRef } from "preact/hooks";
import { download, fileNameOf } from "../page/download.ts";
import { initialState, type MoleculesState, nextState, type PageAction } from "./page-state.ts";
import type { MoleculeReply, MoleculeRequest } from "./protocol.ts";

/** What the tab shows, and the two ways to change it. */
export interface MoleculeConnection {
  readonly state: MoleculesState;
  /** Something that a reader did. */
  readonly act: (action: PageAction) => void;
  /** Something for the worker to do. */
  readonly ask: (request: MoleculeRequest) => void;
}

/** A worker of its own for the tab, from when it is first opened until it goes. */
export function useMoleculeWorker(): MoleculeConnection {
  const [state, dispatch] = useReducer(nextState, initialState);
  const worker = useRef<Worker | undefined>(undefined);
  const title = useRef("model");
  title.current = state.model?.targetNames.join(" ") ?? "model";

  useEffect(() => {
    const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "molecules" });
    worker.current = started;
    started.addEventListener("message", ({ data: reply }: MessageEvent<MoleculeReply>) => {
      if (reply.kind === "saved") {
        download({
          name: fileNameOf(title.current, ".safetensors"),
          type: "application/octet-stream",
          content: reply.bytes,
        });
      }
      dispatch(reply);
    });
    started.addEventListener("error", () => dispatch({ kind: "break" }));
    return () => started.terminate();
  }, []);

  return {
    state,
    act: dispatch,
    ask: (request) => worker.current?.postMessage(request),
  };
}
