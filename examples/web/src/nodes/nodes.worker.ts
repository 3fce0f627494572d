import type { Request } from "./protocol.ts";
import { NodesSession } from "./session.ts";

const session = new NodesSession((report) => postMessage(report));

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  void session.handle(data);
});
