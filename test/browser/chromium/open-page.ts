import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong so far: errors and warnings on the console, errors that nobody caught, and requests that failed. */
  readonly problems: readonly string[];
}

/** Opens a page in a context of its own and notes everything that goes wrong in it, its workers included. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning", "assert"].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.stack ?? error.message}`));
  page.on("requestfailed", (request) =>
    problems.push(`request: ${request.url()} ${request.failure()?.errorText ?? ""}`),
  );
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`response: ${response.url()} ${response.status()}`);
  });
  await page.goto(url);
  return { page, problems, [Symbol.asyncDispose]: () => context.close() };
}
