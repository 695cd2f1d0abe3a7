import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium";

export default defineConfig({
  testDir: "tests",
  // Pictures are taken on request, by scripts/screenshots.sh.
  testIgnore: process.env.CLAVIGER_SCREENSHOTS ? [] : ["screenshots.spec.ts"],
  outputDir: "results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["./support/closing_lines.ts"]],
  use: {
    browserName: "chromium",
    launchOptions: chromium,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    // Traces take a quarter of the processor time. `--trace retain-on-failure` records them.
    trace: "off",
  },
});
