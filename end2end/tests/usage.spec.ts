import { runClaviger, shortName } from "../support/command";
import { expect, test } from "../support/fixtures";

test("the page shows what the keys were used for", async ({ page, server, admin, credentials }) => {
  await expect(page.getByText("Never", { exact: true })).toHaveCount(2);
  const apiKey = await credentials.view("API key", admin.password);
  const bundleKey = await credentials.view("Bundle key", admin.password);
  const ask = (api: string, bundle: string) =>
    fetch(`${server.url}/v1/authorize`, {
      headers: { ApiKey: api, BundleKey: bundle, "X-Forwarded-For": "203.0.113.9" },
    });
  for (let request = 0; request < 3; request++) {
    expect((await ask(apiKey, bundleKey)).status).toBe(204);
  }
  expect((await ask(apiKey, apiKey)).headers.get("Claviger-Reason")).toBe("bundle_key_invalid");

  // What is counted is written down within a second.
  const usage = page.getByRole("region", { name: "Usage", exact: true });
  await expect(async () => {
    await page.reload();
    await expect(usage).toContainText("3 requests passed and 1 was refused", { timeout: 100 });
  }).toPass();
  await expect(page.getByText("just now from 203.0.113.9")).toHaveCount(2);
  const table = usage.getByRole("table", { name: "Requests of the last 30 days" });
  await expect(table.getByRole("row").nth(1)).toContainText("1 bundle key invalid");
});

test("what the operator decides about a bundle shows", async ({ page, server, admin }) => {
  const bundle = page.getByRole("region", { name: "Bundle", exact: true });
  await expect(bundle).toContainText("any number of requests");
  const which = ["--account", shortName(admin)];
  const terms = ["--services", "geo,maps", "--quota", "1200", "--expires", "2099-12-31"];
  const said = await runClaviger(server, ["bundle", "set", ...which, ...terms]);
  expect(said).toContain("The running server applies it from now on.");
  await page.reload();
  await expect(bundle).toContainText("geo maps");
  await expect(bundle).toContainText(/1\s200 of 1\s200 requests/);
  await expect(bundle).toContainText("until 1 January 2100, 00:00 UTC");
  await runClaviger(server, ["bundle", "disable", ...which]);
  await page.reload();
  await expect(bundle).toContainText("The bundle is disabled. Requests are refused.");
});

test.describe("on a server of its own", () => {
  test.use({ baseURL: async ({ ownServer }, use) => use(ownServer.url) });

  test("what was counted outlives the server", async ({ page, ownServer, admin, credentials }) => {
    const apiKey = await credentials.view("API key", admin.password);
    const bundleKey = await credentials.view("Bundle key", admin.password);
    const headers = { ApiKey: apiKey, BundleKey: bundleKey };
    for (let request = 0; request < 5; request++) {
      expect((await fetch(`${ownServer.url}/v1/authorize`, { headers })).status).toBe(204);
    }
    // At once, before the next time that it would be written down.
    await ownServer.stop();
    await ownServer.startAgain();
    await page.reload();
    const usage = page.getByRole("region", { name: "Usage", exact: true });
    await expect(usage).toContainText("5 requests passed");
  });
});
