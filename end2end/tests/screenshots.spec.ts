import path from "node:path";
import { root } from "../support/paths";
import { test } from "../support/fixtures";
import { somebody } from "../support/person";
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
      const look = async (state: string) => {
        const name = `${String(++number).padStart(2, "0")}-${state}-${colorScheme}-${width}.png`;
        const picture = { fullPage: !state.startsWith("dialog"), animations: "disabled" } as const;
        await page.screenshot({ path: path.join(folder, name), ...picture });
        if (state === "credentials-masked" && colorScheme === "light" && width === 1280) {
          await page.screenshot({ path: path.join(root, "docs/credentials.png"), ...picture });
        }
      };
      const person = { ...somebody(), organisation: "Lighthouse Maps", name: "Ada Winter" };
      await throughEveryState(page, server, look, person);
      await context.close();
    });
  }
}
