import { expectAccessible } from "../support/accessibility";
import { test } from "../support/fixtures";
import { throughEveryState } from "../support/states";

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any page in any state, ${colorScheme}`, async ({ browser, server, faults }) => {
    test.slow();
    const context = await browser.newContext({
      baseURL: server.url,
      colorScheme,
      reducedMotion: "reduce",
    });
    faults.watch(context);
    faults.allow(/net::ERR_|status of 404/);
    const page = await context.newPage();
    await throughEveryState(page, server, (state) => expectAccessible(page, state));
    await context.close();
  });
}
