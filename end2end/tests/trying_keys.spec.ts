import type { Page } from "@playwright/test";
import type { CredentialsPage } from "../pages/credentials";
import { expect, test } from "../support/fixtures";

async function fill(page: Page, apiKey: string, bundleKey: string): Promise<void> {
  await page.goto("/guide");
  await page.getByRole("textbox", { name: "API key" }).fill(apiKey);
  await page.getByRole("textbox", { name: "Bundle key" }).fill(bundleKey);
  await page.getByRole("button", { name: "Try it" }).click();
}

async function keys(credentials: CredentialsPage, password: string): Promise<[string, string]> {
  return [await credentials.view("API key", password), await credentials.view("Bundle key", password)];
}

test("good keys are answered as valid", async ({ page, admin, credentials }) => {
  const [apiKey, bundleKey] = await keys(credentials, admin.password);
  await fill(page, apiKey, ` ${bundleKey} `);
  const answer = page.getByRole("region", { name: "Answer" });
  await expect(answer).toContainText('"valid": true');
  await expect(answer).toContainText('"bundle": "default"');
  const request = page.getByRole("region", { name: "Request", exact: true });
  await expect(request).toContainText("POST /v1/verify");
  await expect(request).not.toContainText(apiKey);
  expect(page.url()).not.toContain("clv_");
});

test("bad keys are answered with the reason", async ({ page, admin: _, credentials }) => {
  await expect(credentials.button("View", "API key")).toBeEnabled();
  await fill(page, "clv_api_nothing", "x");
  await expect(page.getByRole("region", { name: "Answer" })).toContainText('"reason": "api_key_invalid"');
});

test("the keys are forgotten when the page is left", async ({ page, admin: _, credentials }) => {
  await expect(credentials.button("View", "API key")).toBeEnabled();
  await fill(page, "clv_api_nothing", "x");
  await expect(page.getByRole("region", { name: "Answer" })).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide")));
  await expect(page.getByRole("region", { name: "Answer" })).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "API key" })).toHaveValue("");
});

test("the examples ask this installation", async ({ page, server, admin: _ }) => {
  await page.goto("/guide");
  for (const example of ["curl", "Python", "JavaScript (Node.js)", "Go"]) {
    const code = page.getByRole("region", { name: example, exact: true });
    await expect(code).toContainText(`${server.url}/v1/authorize`);
  }
  await expect(page.getByRole("row", { name: /bundle_expired/ })).toContainText("4007");
});
