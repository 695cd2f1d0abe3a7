import { MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";

test("a role is made, given, refused its deletion while somebody has it, and deleted", async ({
  page,
  server,
  admin,
}) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  const { dialog } = members;
  await members.open();
  await page.getByRole("link", { name: "Roles" }).click();
  await expect(page.getByRole("heading", { name: "Roles", exact: true })).toBeVisible();
  const make = page.getByRole("region", { name: "New role" });
  const create = async (name: string) => {
    await make.getByLabel("Role name").fill(name);
    await make.getByLabel("Audit log").setChecked(true);
    await make.getByRole("button", { name: "Create role" }).click();
  };
  await create("Support");
  await expect(dialog.root).toContainText("The role Support will permit Audit log.");
  await members.confirm(admin.password, "Role created.");
  const role = page.getByRole("region", { name: "Support" });
  await expect(role).toContainText("0 members");

  await members.open();
  await members.row(grace.email).role.selectOption("Support");
  await members.confirm(admin.password, "Role of Grace Member changed.");
  await page.getByRole("link", { name: "Roles" }).click();
  await expect(role).toContainText("1 member");
  await role.getByLabel("API credentials management").check();
  await role.getByRole("button", { name: "Save role" }).click();
  await members.confirm(admin.password, "Role changed.");
  await expect(role.getByLabel("API credentials management")).toBeChecked();
  await role.getByRole("button", { name: "Delete role" }).click();
  await dialog.enter(admin.password);
  await expect(dialog.alert).toContainText("Members have this role.");
  await dialog.cancel.click();

  await members.open();
  await members.row(grace.email).role.selectOption("");
  await members.confirm(admin.password, "Role of Grace Member changed.");
  await page.goto("/members/roles");
  await role.getByRole("button", { name: "Delete role" }).click();
  await members.confirm(admin.password, "Role deleted.");
  await expect(role).toHaveCount(0);
});

test("a name that another role has is told beside its field, before the password is asked for", async ({
  page,
  admin: _,
}) => {
  await page.goto("/members/roles");
  const { dialog } = new MembersPage(page);
  const name = page.getByLabel("Role name");
  await expect(name).toHaveAttribute("dir", "auto");
  await name.fill("ADMIN");
  await page.getByRole("button", { name: "Create role" }).click();
  await expect(name).toHaveAccessibleDescription("There is a role with this name already.");
  await expect(name).toBeFocused();
  await expect(dialog.root).toBeHidden();
  await name.press("x");
  await expect(name).toHaveAccessibleDescription("");
  await page.getByRole("button", { name: "Create role" }).click();
  await expect(dialog.root).toContainText("The role ADMINx will permit nothing.");
});

test("a name that was taken while the dialog was open can be corrected", async ({ page, context, admin }) => {
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto("/members/roles");
    await tab.getByLabel("Role name").fill("Support");
    await tab.getByRole("button", { name: "Create role" }).click();
    await expect(new MembersPage(tab).dialog.password).toBeFocused();
  }
  await new MembersPage(page).confirm(admin.password, "Role created.");
  const { dialog } = new MembersPage(other);
  await dialog.enter(admin.password);
  await expect(dialog.root).toBeHidden();
  const name = other.getByLabel("Role name");
  await expect(name).toHaveAccessibleDescription("There is a role with this name already.");
  await expect(name).toBeFocused();
  await expect(name).toHaveValue("Support");
});
