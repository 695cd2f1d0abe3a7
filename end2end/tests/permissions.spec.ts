import { CredentialsPage, anyKey } from "../pages/credentials";
import { LogInPage } from "../pages/log_in";
import { MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";

test("a switch asks for the password, and turns once that was right", async ({ page, server, admin }) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  const control = members.row(grace.email).switch("API credentials management");
  await expect(control).not.toBeChecked();

  await control.click();
  await expect(members.dialog.root).toContainText("will be able to view, copy and reset");
  await members.dialog.cancel.click();
  await expect(control).not.toBeChecked();
  await expect(control).toBeFocused();

  await control.click();
  await page.keyboard.press("Escape");
  await expect(members.dialog.root).toBeHidden();
  await expect(control).toBeFocused();

  await control.click();
  await members.dialog.enter("not the password");
  await expect(members.dialog.alert).toHaveText("Wrong password");
  await expect(control).not.toBeChecked();
  await members.confirm(admin.password, "Permission given to Grace Member.");
  await expect(control).toBeChecked();
  await expect(control).toBeFocused();
  await expect(control).toHaveAccessibleDescription(new RegExp(`Given by ${admin.name}`));
});

test("a role is chosen, cancelled and confirmed", async ({ page, server, admin }) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  const row = members.row(grace.email);
  await row.role.selectOption("Developer");
  await members.dialog.cancel.click();
  await expect(row.role).toHaveValue("");

  await row.role.selectOption("Developer");
  await members.confirm(admin.password, "Role of Grace Member changed.");
  await expect(row.role).toHaveValue("developer");
  const keys = row.switch("API credentials management");
  await expect(keys).toBeChecked();
  await expect(keys).toBeDisabled();
  await expect(keys).toHaveAccessibleDescription("By the role Developer");
});

test("what is taken back is refused at the next action of an open page", async ({
  page,
  server,
  admin,
  visit,
}) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  const control = members.row(grace.email).switch("API credentials management");
  await control.click();
  await members.confirm(admin.password, "Permission given to Grace Member.");

  const theirs = new CredentialsPage(await visit("/login"));
  await new LogInPage(theirs.page).enter(grace);
  await expect(theirs.button("View", "API key")).toBeEnabled();
  await control.click();
  await members.confirm(admin.password, "Permission taken back from Grace Member.");

  await theirs.button("View", "API key").click();
  const answer = theirs.page.waitForResponse(/\/api\/view_credential/);
  await theirs.dialog.enter(grace.password);
  expect((await answer).status()).toBe(403);
  await expect(theirs.dialog.alert).toContainText('You need the "API credentials management" permission');
  expect(await theirs.page.content()).not.toMatch(anyKey);
});

test("a disabled member is told at the next action, and let in again once enabled", async ({
  page,
  server,
  admin,
  visit,
}) => {
  const grace = await addMember(server, admin);
  const theirs = await visit("/login");
  await new LogInPage(theirs).enter(grace);
  await expect(theirs).toHaveURL(/\/credentials$/);

  const members = new MembersPage(page);
  await members.open();
  const row = members.row(grace.email);
  await row.disable.click();
  await members.confirm(admin.password, "Grace Member was disabled.");
  await theirs.reload();
  await expect(theirs).toHaveURL(/\/login/);
  await new LogInPage(theirs).enter(grace);
  await expect(new LogInPage(theirs).alert).toContainText("Wrong email or password");

  await row.enable.click();
  await members.confirm(admin.password, "Grace Member was enabled.");
  await new LogInPage(theirs).enter(grace);
  await expect(theirs).toHaveURL(/\/credentials$/);
});

test("of two admins who demote each other at the same moment one stays", async ({
  page,
  server,
  admin,
  visit,
}) => {
  const grace = await addMember(server, admin);
  const mine = new MembersPage(page);
  await mine.open();
  const own = mine.row(admin.email);
  await expect(own.role).toBeDisabled();
  await expect(own.remove).toBeDisabled();
  await expect(own.root).toContainText("The last admin must stay one.");
  await mine.row(grace.email).role.selectOption("Admin");
  await mine.confirm(admin.password, "Role of Grace Member changed.");
  await expect(own.role).toBeEnabled();

  const theirs = new MembersPage(await visit("/login?next=/members"));
  await new LogInPage(theirs.page).enter(grace);
  await mine.row(grace.email).role.selectOption("");
  await theirs.row(admin.email).role.selectOption("");
  await mine.dialog.password.fill(admin.password);
  await theirs.dialog.password.fill(grace.password);
  const answer = (members: MembersPage) => members.page.waitForResponse(/\/api\/change_role/);
  const answers = Promise.all([answer(mine), answer(theirs)]);
  await Promise.all([mine.dialog.confirm.click(), theirs.dialog.confirm.click()]);
  const statuses = (await answers).map((each) => each.status());
  expect(statuses.toSorted()).toEqual([200, 403]);
});

test("a manager who is no admin gives no more than they have", async ({ page, server, admin, visit }) => {
  const grace = await addMember(server, admin);
  const other = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  await members.row(grace.email).switch("Member management").click();
  await members.confirm(admin.password, "Permission given to Grace Member.");

  const theirs = new MembersPage(await visit("/login?next=/members"));
  await new LogInPage(theirs.page).enter(grace);
  await expect(theirs.heading).toBeVisible();
  await expect(theirs.row(admin.email).remove).toBeDisabled();
  await expect(theirs.row(admin.email).role).toBeDisabled();
  const keys = theirs.row(other.email).switch("API credentials management");
  await expect(keys).toBeDisabled();
  await expect(keys).toHaveAccessibleDescription("You cannot give what you do not have");
  await expect(theirs.row(other.email).more).toHaveCount(0);
  await theirs.row(other.email).switch("Member management").click();
  await theirs.confirm(grace.password, "Permission given to Grace Member.");
});

test("without Member management there is no list, and no way to it", async ({
  page,
  server,
  admin,
  visit,
}) => {
  const grace = await addMember(server, admin);
  const theirs = await visit("/login?next=/members");
  await new LogInPage(theirs).enter(grace);
  await expect(theirs.getByText('You need the "Member management" permission')).toBeVisible();
  await expect(theirs.getByRole("main")).toContainText(admin.name);
  await expect(theirs.getByRole("table")).toHaveCount(0);
  expect(await theirs.content()).not.toContain(admin.email);
  await expect(page.getByRole("link", { name: "Members" })).toBeVisible();
});
