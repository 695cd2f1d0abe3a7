import { LogInPage, logOut } from "../pages/log_in";
import { MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";
import { somebody } from "../support/person";

test("somebody changes their name, and an admin the organisation's", async ({ page, admin: _ }) => {
  await page.getByRole("link", { name: "Profile" }).click();
  await page.getByLabel("Your name").fill("Ada King");
  await page.getByRole("button", { name: "Change name" }).click();
  await expect(page.getByRole("status")).toHaveText("Name changed.");
  await page.getByLabel("Organisation", { exact: true }).fill("King Maps");
  await page.getByRole("button", { name: "Rename organisation" }).click();
  await expect(page.getByRole("banner")).toContainText("Ada King");
  await expect(page.getByRole("banner")).toContainText("King Maps");
});

test("a new password needs the current one and ends all other sessions", async ({ page, admin, visit }) => {
  const elsewhere = await visit("/login");
  await new LogInPage(elsewhere).enter(admin);
  await expect(elsewhere).toHaveURL(/\/credentials$/);

  await page.goto("/profile");
  const section = page.getByRole("region", { name: "Change your password" });
  const [current, next] = [section.getByLabel("Current password"), section.getByLabel("New password")];
  const change = async (old: string, fresh: string) => {
    await current.fill(old);
    await next.fill(fresh);
    await section.getByRole("button", { name: "Change password" }).click();
  };
  await change(admin.password, "short");
  await expect(next).toHaveAccessibleDescription(/at least 15 characters/i);
  await expect(current).toHaveValue(admin.password);
  await expect(next).toHaveValue("");
  const fresh = somebody().password;
  await change("not the password", fresh);
  await expect(section.getByRole("alert").filter({ hasText: "Wrong password" })).toBeVisible();
  await change(admin.password, fresh);
  await expect(page.getByRole("status")).toContainText("Password changed.");

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login/);
  await logOut(page);
  await new LogInPage(page).logInAs({ email: admin.email, password: fresh });
});

test("a new email address logs in from then on", async ({ page, admin }) => {
  await page.goto("/profile");
  const section = page.getByRole("region", { name: "Email address" });
  const { email } = somebody();
  await section.getByLabel("Email", { exact: true }).fill(email);
  await section.getByLabel("Current password").fill(admin.password);
  await section.getByRole("button", { name: "Change email" }).click();
  await expect(page.getByRole("status")).toContainText("Email changed.");
  await logOut(page);
  await new LogInPage(page).logInAs({ email, password: admin.password });
});

test("sessions are listed, and ended one by one or all others", async ({ page, admin, visit }) => {
  const [second, third] = [await visit("/login"), await visit("/login")];
  for (const other of [second, third]) {
    await new LogInPage(other).enter(admin);
    await expect(other).toHaveURL(/\/credentials$/);
  }
  await page.goto("/profile");
  const sessions = page.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByRole("listitem")).toHaveCount(3);
  await expect(sessions.getByText("This session")).toHaveCount(1);
  await sessions
    .getByRole("button", { name: /^End the session/ })
    .first()
    .click();
  await expect(sessions.getByRole("listitem")).toHaveCount(2);
  await sessions.getByRole("button", { name: "Log out everywhere else" }).click();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  for (const other of [second, third]) {
    await other.reload();
    await expect(other).toHaveURL(/\/login/);
  }
});

test("a link that an admin made lets a member choose a new password once", async ({
  page,
  server,
  admin,
  visit,
}) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  const row = members.row(grace.email);
  await row.more.click();
  await row.button("Make password link").click();
  await members.dialog.enter(admin.password);
  const link = await members.passwordLink.inputValue();

  const theirs = await visit(link);
  const fresh = somebody().password;
  await theirs.getByLabel("New password").fill(fresh);
  await theirs.getByRole("button", { name: "Set password" }).click();
  await expect(theirs).toHaveURL(/\/credentials$/);
  await logOut(theirs);
  await new LogInPage(theirs).logInAs({ email: grace.email, password: fresh });
  await theirs.goto(link);
  await expect(theirs.getByRole("heading", { name: "This link does not work" })).toBeVisible();
});
