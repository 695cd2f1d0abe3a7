import { CredentialsPage, masked } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { expect, test } from "../support/fixtures";

test("a key reset in one tab is not reset again by the other, which is told", async ({
  context,
  admin,
  credentials,
}) => {
  const other = new CredentialsPage(await context.newPage());
  await other.open();
  await expect(other.button("Reset", "API key")).toBeEnabled();
  const value = await credentials.reset("API key", admin.password);

  await other.button("Reset", "API key").click();
  const answer = other.page.waitForResponse(/\/api\/reset_credential/);
  await other.dialog.enter(admin.password);
  expect((await answer).status()).toBe(409);
  await expect(
    other.page
      .getByRole("alert")
      .filter({ hasText: new RegExp(`^This key was already reset at .+ by ${admin.name}`) }),
  ).toBeVisible();

  await other.open();
  expect(await other.view("API key", admin.password)).toBe(value);
});

test("after being told, the other tab can reset the key that is there now", async ({
  context,
  admin,
  credentials,
}) => {
  const other = new CredentialsPage(await context.newPage());
  await other.open();
  const first = await credentials.reset("Bundle key", admin.password);

  await other.button("Reset", "Bundle key").click();
  await other.dialog.enter(admin.password);
  await expect(other.alert).toHaveText(/already reset/);
  await expect(other.section("Bundle key").value).toHaveText(masked["Bundle key"]);
  expect((await other.section("Bundle key").value.innerText()).slice(-4)).toBe(first.slice(-4));
  expect(await other.reset("Bundle key", admin.password)).not.toBe(first);
});

test("of two resets of both keys one acts and the other is told", async ({ context, admin, credentials }) => {
  const other = new CredentialsPage(await context.newPage());
  await other.open();
  for (const page of [credentials, other]) {
    await page.resetBoth.click();
    await page.dialog.password.fill(admin.password);
  }
  await Promise.all([credentials.dialog.confirm.click(), other.dialog.confirm.click()]);

  const told = (page: CredentialsPage) => page.page.getByRole("alert").filter({ hasText: /already reset/ });
  const shown = (page: CredentialsPage) => page.status("Both keys reset. The old keys no longer work.");
  await expect(shown(credentials).or(told(credentials))).toBeVisible();
  await expect(shown(other).or(told(other))).toBeVisible();
  expect((await shown(credentials).count()) + (await shown(other).count())).toBe(1);
  expect((await told(credentials).count()) + (await told(other).count())).toBe(1);
});

test("both tabs go on working after either gave a password", async ({ context, admin, credentials }) => {
  const other = new CredentialsPage(await context.newPage());
  await other.open();
  const value = await credentials.view("API key", admin.password);
  expect(await other.view("API key", admin.password)).toBe(value);
  await credentials.section("API key").hide.click();
  expect(await credentials.view("API key", admin.password)).toBe(value);
});

test("a session that ended while the dialog was open is told, and nothing was done", async ({
  page,
  context,
  admin,
  credentials,
}) => {
  const value = await credentials.view("API key", admin.password);
  await credentials.section("API key").hide.click();
  await credentials.button("Reset", "API key").click();
  await expect(credentials.dialog.password).toBeFocused();

  const other = await context.newPage();
  await other.goto("/credentials");
  await logOut(other);

  const answer = page.waitForResponse(/\/api\/reset_credential/);
  await credentials.dialog.enter(admin.password);
  expect((await answer).status()).toBe(401);
  await expect(credentials.dialog.alert).toHaveText(/session has ended.*Nothing was done/i);
  await expect(credentials.section("API key").value).toHaveText(masked["API key"]);

  await credentials.dialog.alert.getByRole("link", { name: "Log in" }).click();
  await new LogInPage(page).enter(admin);
  await expect(page).toHaveURL(/\/credentials$/);
  expect(await credentials.view("API key", admin.password)).toBe(value);
});
