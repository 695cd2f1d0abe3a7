import { CredentialsPage, anyKey, masked } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";

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
  // The page reads the key again after the alert, so its hint changes later.
  await expect(other.section("Bundle key").value).toHaveText(new RegExp(`${first.slice(-4)}$`));
  await expect(other.section("Bundle key").value).toHaveText(masked["Bundle key"]);
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

test("a shown key is gone once the server says that the session is over, and Cancel leads to the log-in", async ({
  page,
  context,
  admin,
  credentials,
}) => {
  await credentials.reset("Bundle key", admin.password);
  const other = await context.newPage();
  await other.goto("/credentials");
  await logOut(other);

  await credentials.button("Copy", "API key").click();
  await credentials.dialog.enter(admin.password);
  await expect(credentials.dialog.alert).toContainText("Your session has ended.");
  await expect(credentials.section("Bundle key").value).toHaveText(masked["Bundle key"]);
  expect(await page.content()).not.toMatch(anyKey);
  await credentials.dialog.cancel.click();
  await expect(page).toHaveURL(/\/login/);
});

for (const [what, deed, words] of [
  ["the permission is taken back", "revoke", 'You need the "API credentials management" permission'],
  ["the member is disabled", "disable", "Your session has ended."],
] as const) {
  test(`a shown key is gone at the next action once ${what}`, async ({ page, server, admin, visit }) => {
    const grace = await addMember(server, admin);
    const members = new MembersPage(page);
    await members.open();
    const row = members.row(grace.email);
    await row.switch("API credentials management").click();
    await members.confirm(admin.password, "Permission given to Grace Member.");
    const theirs = new CredentialsPage(await visit("/login"));
    await new LogInPage(theirs.page).enter(grace);
    await theirs.view("API key", grace.password);

    await (deed === "revoke" ? row.switch("API credentials management") : row.disable).click();
    await members.dialog.enter(admin.password);
    await expect(members.dialog.root).toBeHidden();
    await theirs.button("View", "Bundle key").click();
    await theirs.dialog.enter(grace.password);
    await expect(theirs.dialog.alert).toContainText(words);
    await expect(theirs.section("API key").value).toHaveText(masked["API key"]);
    expect(await theirs.page.content()).not.toMatch(anyKey);
    await theirs.dialog.cancel.click();
    await expect(theirs.button("View", "API key")).toHaveCount(0);
  });
}
