import { JoinPage, MembersPage } from "../pages/members";
import { pasted } from "../support/clipboard";
import { expect, test } from "../support/fixtures";
import { invite } from "../support/member";
import { somebody } from "../support/person";

test("somebody is invited, joins with the link, and may do nothing yet", async ({
  page,
  admin,
  server,
  visit,
}) => {
  const members = new MembersPage(page);
  const grace = somebody();
  await members.open();
  const link = await members.invite("Grace Hopper", grace.email);
  expect(link).toMatch(new RegExp(`^${server.url}/join/`));
  await expect(members.link).toHaveAttribute("readonly");

  const join = new JoinPage(await visit(link));
  await expect(join.page.getByText(admin.organisation)).toBeVisible();
  await join.password.fill("short");
  await join.join.click();
  await expect(join.password).toHaveAccessibleDescription(/at least 15 characters/i);
  await join.password.fill(grace.password);
  await join.join.click();
  await expect(join.page).toHaveURL(/\/credentials$/);
  await expect(join.page.getByText('You need the "API credentials management" permission')).toBeVisible();
  await expect(join.page.getByRole("link", { name: "Members" })).toHaveCount(0);

  const again = new JoinPage(await visit(link));
  await expect(again.page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await expect(again.join).toHaveCount(0);
  await members.open();
  await expect(members.row(grace.email).root).toBeVisible();
  await expect(page.getByText("Not used yet")).toHaveCount(0);
});

test("the link is copied", async ({ page, context, admin: _ }) => {
  const members = new MembersPage(page);
  await members.open();
  const link = await members.invite("Grace Hopper", somebody().email);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(members.status("Link copied")).toBeVisible();
  expect(await pasted(context)).toBe(link);
});

test("a withdrawn invitation offers nothing any more", async ({ page, admin: _, visit }) => {
  const members = new MembersPage(page);
  await members.open();
  const link = await members.invite("Grace Hopper", somebody().email);
  await page.getByRole("button", { name: "Withdraw the invitation of Grace Hopper" }).click();
  await expect(members.status("Invitation of Grace Hopper withdrawn.")).toBeVisible();
  await expect(page.getByText("Not used yet")).toHaveCount(0);
  const join = new JoinPage(await visit(link));
  await expect(join.page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await expect(join.join).toHaveCount(0);
});

test("what is wrong with an invitation is said beside the fields, which keep what was typed", async ({
  page,
  admin,
}) => {
  const members = new MembersPage(page);
  await members.open();
  await members.name.fill("Grace");
  await members.email.fill("no address");
  await members.createInvitation.click();
  await expect(members.email).toHaveAccessibleDescription(/Enter an email address/);
  await expect(members.email).toBeFocused();
  await expect(members.name).toHaveValue("Grace");
  await members.email.fill(admin.email);
  await members.createInvitation.click();
  await expect(members.email).toHaveAccessibleDescription(/has an account/);
  await expect(members.link).toHaveCount(0);
});

test("an address of another organisation is told only once whoever has the link wants to join", async ({
  page,
  admin,
  server,
  visit,
}) => {
  const other = somebody();
  await visit("/signup", async (signUp) => {
    await signUp.getByLabel("Organisation").fill(other.organisation);
    await signUp.getByLabel("Your name").fill(other.name);
    await signUp.getByLabel("Email").fill(other.email);
    await signUp.getByLabel("Password").fill(other.password);
    await signUp.getByRole("button", { name: "Create account" }).click();
    await expect(signUp).toHaveURL(/\/credentials$/);
  });
  const link = await invite(server, admin, other.email, other.name);
  const join = new JoinPage(await visit(link));
  const taken = join.page.getByText("Somebody has an account with this address already");
  await expect(join.join).toBeEnabled();
  await expect(taken).toHaveCount(0);
  await join.password.fill(other.password);
  await join.join.click();
  await expect(taken).toBeVisible();
  await page.goto("/members");
  await expect(page.getByText(other.organisation)).toHaveCount(0);
});
