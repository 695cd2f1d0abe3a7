import path from "node:path";
import { root } from "../support/paths";
import { test } from "../support/fixtures";
import { throughEveryState } from "../support/states";

// Run by scripts/screenshots.sh only: the pictures are for people to look at.
const folder = process.env.CLAVIGER_SCREENSHOTS ?? "";

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test(`pictures of every state, ${colorScheme}, ${width} pixels wide`, async ({ browser, server }) => {
      test.slow();
      const context = await browser.newContext({
        baseURL: server.url,
        colorScheme,
        viewport: { width, height: width === 360 ? 740 : 800 },
      });
      const page = await context.newPage();
      let number = 0;
      await throughEveryState(page, server, async (state) => {
        const name = `${String(++number).padStart(2, "0")}-${state}-${colorScheme}-${width}.png`;
        await page.screenshot({ path: path.join(folder, name), fullPage: true, animations: "disabled" });
        if (state === "credentials-masked" && colorScheme === "light" && width === 1280) {
          await page.screenshot({ path: path.join(root, "docs/credentials.png"), animations: "disabled" });
        }
      });
      await context.close();
    });
  }
}
