import type { Locator, Page } from "@playwright/test";
import { CredentialsPage } from "../pages/credentials";
import { MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { somebody } from "../support/person";

function closeOf(page: Page): Locator {
  return page.getByRole("button", { name: "Close message", exact: true });
}

test("a status leaves by itself after six seconds, and its live region stays for the next", async ({
  page,
  admin,
  credentials,
}) => {
  await page.clock.install();
  await credentials.open();
  await credentials.copy("API key", admin.password);
  await page.clock.runFor(4_000);
  await expect(credentials.status("API key copied")).toBeVisible();
  await page.clock.runFor(3_000);
  await expect(credentials.status("API key copied")).toHaveCount(0);
  await expect(closeOf(page)).toHaveCount(0);
  await expect(page.getByRole("main").getByRole("status")).toHaveCount(1);

  await credentials.copy("Bundle key", admin.password);
  await page.clock.runFor(8_000);
  await expect(credentials.status("Bundle key copied")).toHaveCount(0);
});

test("a status stays while somebody points at it or has the focus in it", async ({
  page,
  admin,
  credentials,
}) => {
  await page.clock.install();
  await credentials.open();
  await credentials.copy("API key", admin.password);
  const status = credentials.status("API key copied");
  await status.hover();
  await page.clock.runFor(30_000);
  await expect(status).toBeVisible();
  await closeOf(page).focus();
  await page.mouse.move(0, 0);
  await page.clock.runFor(30_000);
  await expect(status).toBeVisible();
  await credentials.button("View", "API key").focus();
  await page.clock.runFor(5_000);
  await expect(status).toHaveCount(0);
});

test("a status can be closed", async ({ page, admin, credentials }) => {
  await credentials.copy("API key", admin.password);
  await closeOf(page).click();
  await expect(credentials.status("API key copied")).toHaveCount(0);
});

test("an error stays until it is closed", async ({ page, context, admin, credentials }) => {
  await page.clock.install();
  await credentials.open();
  const other = new CredentialsPage(await context.newPage());
  await other.open();
  await other.reset("API key", admin.password);
  await credentials.button("Reset", "API key").click();
  await credentials.dialog.enter(admin.password);
  await expect(credentials.alert).toHaveText(/already reset/);
  await page.clock.runFor(120_000);
  await expect(credentials.alert).toHaveText(/already reset/);
  await closeOf(page).click();
  await expect(credentials.alert).toHaveCount(0);
});

test("a status that comes with a page stands in it and moves nothing when it leaves", async ({
  page,
  admin: _,
}) => {
  await page.goto("/profile");
  await page.clock.install();
  await page.getByRole("button", { name: "Change name" }).click();
  const status = page.getByRole("status").filter({ hasText: "Name changed." });
  await expect(status).toBeVisible();
  await expect(closeOf(page)).toBeVisible();
  const field = page.getByLabel("Your name");
  const before = await field.boundingBox();
  await page.clock.runFor(8_000);
  await expect(status).toHaveCount(0);
  expect(await field.boundingBox()).toEqual(before);
});

/** Nothing of the messages lies over it. */
async function expectUncovered(page: Page, locator: Locator): Promise<void> {
  await expect(locator).toBeInViewport({ ratio: 1 });
  await expect
    .poll(async () => {
      const message = await page.locator(".messages").boundingBox();
      const place = await locator.boundingBox();
      return !!message && message.height > 0 && !!place && place.y + place.height <= message.y;
    })
    .toBe(true);
}

for (const viewport of [
  { width: 1280, height: 720 },
  { width: 360, height: 640 },
]) {
  test.describe(`${viewport.width} pixels wide`, () => {
    test.use({ viewport });

    test("no message covers the key that it speaks of", async ({ page, admin, credentials }) => {
      await credentials.reset("Bundle key", admin.password);
      await expectUncovered(page, credentials.section("Bundle key").root.locator(".key-value"));
      await credentials.reset("API key", admin.password);
      await expectUncovered(page, credentials.section("API key").root.locator(".key-value"));
    });

    test("no message covers the link that it speaks of, which has the focus", async ({ page, admin: _ }) => {
      const members = new MembersPage(page);
      await members.open();
      await members.invite("Grace Hopper", somebody().email);
      await expect(members.link).toBeFocused();
      await expectUncovered(page, page.locator(".link"));
    });

    test("the end of the page can be scrolled out from under a message", async ({
      page,
      admin,
      credentials,
    }) => {
      await credentials.copy("API key", admin.password);
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await expectUncovered(page, page.getByRole("main").locator(".report").locator("section p").last());
    });
  });
}
