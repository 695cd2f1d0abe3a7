import { expectNoSideways } from "../support/accessibility";
import { test } from "../support/fixtures";
import { throughEveryState } from "../support/states";

test.use({ viewport: { width: 360, height: 740 } });

test("at 360 pixels nothing has to be scrolled sideways", async ({ page, server, faults }) => {
  test.slow();
  faults.allow(/net::ERR_|status of 404/);
  await throughEveryState(page, server, (state) => expectNoSideways(page, state));
});

test("with text twice as large nothing has to be scrolled sideways", async ({ page, server, faults }) => {
  test.slow();
  faults.allow(/net::ERR_|status of 404/);
  await page.setViewportSize({ width: 720, height: 740 });
  await throughEveryState(page, server, async (state) => {
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await expectNoSideways(page, state);
  });
});
