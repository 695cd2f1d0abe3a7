import { anyKey, inClear, kinds, masked } from "../pages/credentials";
import { logOut, LogInPage } from "../pages/log_in";
import { expect, test } from "../support/fixtures";

for (const kind of kinds) {
  test(`the ${kind} is shown once the password is given`, async ({ admin, credentials }) => {
    await credentials.button("View", kind).click();
    await expect(credentials.dialog.root).toBeVisible();
    await expect(credentials.dialog.root).toHaveAccessibleDescription(/30 seconds/);
    await expect(credentials.dialog.password).toBeFocused();
    await credentials.dialog.enter(admin.password);

    const value = await credentials.shown(kind);
    expect(value).toMatch(inClear[kind]);
    await expect(credentials.section(kind).root).toContainText(/Hides in \d+ s/);
  });
}

test("the hint of a masked key is its end", async ({ admin, credentials }) => {
  const hint = (await credentials.section("API key").value.innerText()).slice(-4);
  const value = await credentials.view("API key", admin.password);
  expect(value.endsWith(hint)).toBe(true);
});

test("a key stays the same until it is reset", async ({ page, admin, credentials }) => {
  const first = await credentials.view("API key", admin.password);
  await logOut(page);
  await new LogInPage(page).logInAs(admin);
  expect(await credentials.view("API key", admin.password)).toBe(first);
});

test("both keys can be shown at a time, each with its own countdown", async ({ admin, credentials }) => {
  const apiKey = await credentials.view("API key", admin.password);
  await credentials.view("Bundle key", admin.password);
  await expect(credentials.section("API key").value).toHaveText(apiKey);
  await credentials.section("API key").hide.click();
  await expect(credentials.section("API key").value).toHaveText(masked["API key"]);
  await expect(credentials.section("Bundle key").value).toHaveText(inClear["Bundle key"]);
});

test("a shown key counts down and hides by itself after 30 seconds", async ({ page, admin, credentials }) => {
  await page.clock.install();
  await credentials.open();
  await credentials.view("API key", admin.password);

  await page.clock.runFor(20_000);
  await expect(credentials.section("API key").value).toHaveText(inClear["API key"]);
  await expect(credentials.section("API key").root).toContainText(/Hides in \d s|Hides in 10 s/);

  await page.clock.runFor(10_000);
  await credentials.expectMasked();
  await expect(credentials.section("API key").hide).toHaveCount(0);
});

test("a computer that slept shows no key when it wakes", async ({ page, admin, credentials }) => {
  await page.clock.install();
  await credentials.open();
  await credentials.view("API key", admin.password);
  await page.clock.fastForward("08:00:00");
  await credentials.expectMasked();
});

test("Hide hides a shown key at once", async ({ admin, credentials }) => {
  await credentials.view("API key", admin.password);
  await credentials.section("API key").hide.click();
  await credentials.expectMasked();
  await expect(credentials.button("View", "API key")).toBeFocused();
});

test("a shown key hides when the tab is hidden", async ({ page, admin, credentials }) => {
  await credentials.view("API key", admin.password);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  await credentials.expectMasked();
});

test("a shown key is gone from the page when the page is left", async ({ page, admin, credentials }) => {
  await credentials.view("API key", admin.password);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  await credentials.expectMasked();
});

test("a key is not shown again by coming back to the page", async ({ page, admin, credentials }) => {
  await credentials.view("API key", admin.password);
  await page.getByRole("link", { name: "Guide", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Guide", exact: true })).toBeVisible();
  expect(await page.content()).not.toMatch(anyKey);
  await page.goBack();
  await credentials.expectMasked();
});

test("each view asks for the password again", async ({ admin, credentials }) => {
  await credentials.view("API key", admin.password);
  await credentials.section("API key").hide.click();
  await credentials.button("View", "API key").click();
  await expect(credentials.dialog.password).toHaveValue("");
  await expect(credentials.section("API key").value).toHaveText(masked["API key"]);
});
