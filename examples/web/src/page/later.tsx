import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Notice } from "./notice.tsx";

/** A part of the page whose program is fetched when it is first shown. */
export function Later({ load }: { readonly load: () => Promise<ComponentType> }) {
  const [Loaded, setLoaded] = useState<ComponentType>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (component) => setLoaded(() => component),
      () => setFailed(true),
    );
  }, []);
  if (hasFailed)
    return <Notice kind="error">This part of the page could not be loaded. Reload the page to try again.</Notice>;
  return Loaded === undefined ? <p class="hint">One moment …</p> : <Loaded />;
}
