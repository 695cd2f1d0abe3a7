import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves one page from another site: browsers take `127.0.0.1` and `localhost` for two. */
export async function otherSite(html: string): Promise<{ url: string; close: () => void }> {
  const listener = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end(`<!doctype html><html lang="en"><title>Elsewhere</title>${html}</html>`);
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      listener.close();
      listener.closeAllConnections();
    },
  };
}
