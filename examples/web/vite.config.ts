import { defaultClientConditions, defineConfig, type Plugin } from "vite";

/** Pages with these headers may share memory between threads. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * What the built page may do: run its own scripts and WebAssembly, start workers, and nothing else. It may ask no other server for anything, and send
 * nothing to one. `style-src` is for attributes that libraries of drawings set; scripts may not be inline.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Development needs inline scripts and a socket, so the policy comes with the build. */
const contentSecurityPolicy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: policy }, injectTo: "head-prepend" },
  ],
};

/** How long a build takes on some machine is nothing to be warned of. */
const rolldownOptions = { checks: { bundlerTimings: false } };

export default defineConfig({
  // The built page lies in any folder of any server.
  base: "./",
  resolve: { conditions: ["@vicinal/source", ...defaultClientConditions] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [contentSecurityPolicy],
  worker: { format: "es", rolldownOptions },
  server: { headers: isolation },
  preview: { headers: isolation },
  build: { target: "es2022", modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1200, rolldownOptions },
});
