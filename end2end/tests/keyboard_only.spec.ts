import type { Locator, Page } from "@playwright/test";
import { inClear, masked } from "../pages/credentials";
import { SignUpPage } from "../pages/sign_up";
import { expect, test } from "../support/fixtures";
import { somebody } from "../support/person";

async function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

/** Presses Tab until the focus is there, as somebody without a mouse does. */
async function tabTo(page: Page, locator: Locator): Promise<void> {
  await expect(locator).toBeEnabled();
  for (let presses = 0; presses < 40; presses++) {
    if (await isFocused(locator)) return;
    await page.keyboard.press("Tab");
  }
  await expect(locator).toBeFocused();
}

/** Whether somebody can see where the focus is. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const style = await page.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(
      document.activeElement ?? document.body,
    );
    return { outline: outlineStyle !== "none" && outlineWidth !== "0px", shadow: boxShadow !== "none" };
  });
  expect(style.outline || style.shadow).toBe(true);
}

test("an account is made, a key viewed and a key reset without a mouse", async ({ page, credentials }) => {
  const person = somebody();
  const signUp = new SignUpPage(page);
  await signUp.open();
  for (const [field, text] of [
    [signUp.organisation, person.organisation],
    [signUp.name, person.name],
    [signUp.email, person.email],
    [signUp.password, person.password],
  ] as const) {
    await tabTo(page, field);
    await expectVisibleFocus(page);
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/credentials$/);

  await tabTo(page, credentials.button("View", "API key"));
  await expectVisibleFocus(page);
  await page.keyboard.press("Enter");
  await expect(credentials.dialog.password).toBeFocused();
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  const value = await credentials.shown("API key");
  await expect(credentials.button("View", "API key")).toBeFocused();

  await tabTo(page, credentials.button("Reset", "API key"));
  await page.keyboard.press("Space");
  await expect(credentials.dialog.password).toBeFocused();
  await page.keyboard.type(person.password);
  await tabTo(page, credentials.dialog.confirm);
  await expectVisibleFocus(page);
  await page.keyboard.press("Space");
  await expect(credentials.status("API key reset. The old key no longer works.")).toBeVisible();
  expect(await credentials.shown("API key")).not.toBe(value);
  await expect(credentials.button("Reset", "API key")).toBeFocused();
});

test("Hide and Cancel are reached without a mouse", async ({ page, admin, credentials }) => {
  await credentials.view("Bundle key", admin.password);
  // The focus comes back to the button after the dialog has closed.
  await expect(credentials.button("View", "Bundle key")).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(credentials.section("Bundle key").hide).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(credentials.section("Bundle key").value).toHaveText(masked["Bundle key"]);

  await tabTo(page, credentials.button("Copy", "Bundle key"));
  await page.keyboard.press("Enter");
  await expect(credentials.dialog.password).toBeFocused();
  await tabTo(page, credentials.dialog.cancel);
  await page.keyboard.press("Enter");
  await expect(credentials.dialog.root).toBeHidden();
  await expect(credentials.button("Copy", "Bundle key")).toBeFocused();
});

test("the first stop of the Tab key skips to the content", async ({ page, admin: _ }) => {
  await page.goto("/credentials");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content", exact: true });
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("a wrong password is read out and corrected without a mouse", async ({ page, admin, credentials }) => {
  await tabTo(page, credentials.button("View", "API key"));
  await page.keyboard.press("Enter");
  await expect(credentials.dialog.password).toBeFocused();
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  await expect(credentials.dialog.alert).toHaveText(/^Wrong password/);
  await expect(credentials.dialog.password).toHaveAccessibleDescription(/Wrong password/);
  await expect(credentials.dialog.password).toBeFocused();
  await page.keyboard.type(admin.password);
  await page.keyboard.press("Enter");
  await expect(credentials.section("API key").value).toHaveText(inClear["API key"]);
});
