import { JoinPage, MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";
import { somebody } from "../support/person";

test.use({ javaScriptEnabled: false });

test("somebody is invited and joins", async ({ page, admin: _, visit }) => {
  const members = new MembersPage(page);
  const grace = somebody();
  await members.open();
  await members.name.fill("Grace Hopper");
  await members.email.fill("no address");
  await members.createInvitation.click();
  await expect(members.email).toHaveAccessibleDescription(/Enter an email address/);
  await expect(members.name).toHaveValue("Grace Hopper");
  const link = await members.invite("Grace Hopper", grace.email);
  await expect(members.link).toBeFocused();
  await expect(members.link).toBeInViewport({ ratio: 1 });
  expect(page.url()).not.toContain("/join/");

  const join = new JoinPage(await visit(link));
  await join.password.fill(grace.password);
  await join.join.click();
  await expect(join.page).toHaveURL(/\/credentials$/);
  await members.open();
  await expect(members.link).toHaveCount(0);
});

test("permissions, roles and removal go through the dialog of a page", async ({ page, server, admin }) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  const row = members.row(grace.email);
  await row.switch("API credentials management").click();
  await members.dialog.enter("not the password");
  await expect(members.dialog.alert).toHaveText("Wrong password");
  await members.confirm(admin.password, "Permission given to the member.");
  await expect(row.switch("API credentials management")).toBeChecked();

  await row.role.selectOption("Auditor");
  await row.button("Change role").click();
  await members.confirm(admin.password, "Role of the member changed.");
  await expect(row.role).toHaveValue("auditor");

  await row.remove.click();
  await members.dialog.cancel.click();
  await expect(row.root).toBeVisible();
  await row.remove.click();
  await members.confirm(admin.password, "The member was removed.");
  await expect(row.root).toHaveCount(0);
});

test("the list names who has seen a key", async ({ page, admin, credentials }) => {
  const members = new MembersPage(page);
  await credentials.button("Reset", "API key").click();
  await credentials.dialog.enter(admin.password);
  await members.open();
  await expect(members.row(admin.email).root).toContainText("Has seen the API key");
});

test("a role name that is taken is told beside its field, which keeps it", async ({ page, admin }) => {
  const { dialog } = new MembersPage(page);
  await page.goto("/members/roles");
  const name = page.getByLabel("Role name");
  await name.fill("Admin");
  await page.getByRole("region", { name: "New role" }).getByLabel("Member management").check();
  await page.getByRole("button", { name: "Create role" }).click();
  await dialog.enter(admin.password);
  await expect(name).toHaveAccessibleDescription("There is a role with this name already.");
  await expect(name).toHaveValue("Admin");
  await expect(page.getByRole("region", { name: "New role" }).getByLabel("Member management")).toBeChecked();
  await expect(dialog.root).toBeHidden();
});
