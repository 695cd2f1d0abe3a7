import { MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";

test("members are found while somebody types", async ({ page, server, admin }) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  await expect(page.getByText("2 members", { exact: true })).toBeVisible();
  await members.search.pressSequentially(grace.email.toUpperCase());
  await expect(members.row(admin.email).root).toHaveCount(0);
  await expect(members.row(grace.email).root).toBeVisible();
  await expect(page.getByText("1 found", { exact: true })).toBeVisible();

  await members.row(grace.email).switch("Audit log").click();
  await members.confirm(admin.password, "Permission given to");
  await expect(members.row(admin.email).root).toHaveCount(0);
  await members.search.fill("nobody at all");
  await expect(page.getByText("Nobody was found.")).toBeVisible();
  await members.search.fill("");
  await expect(members.row(admin.email).root).toBeVisible();
});

test("a search can be sent, and stays in the address", async ({ page, server, admin }) => {
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  await members.search.fill(grace.email);
  await members.search.press("Enter");
  await expect(page).toHaveURL(/search=/);
  await expect(members.search).toHaveValue(grace.email);
  await expect(members.row(admin.email).root).toHaveCount(0);
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(members.row(admin.email).root).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("members are found by the page that follows", async ({ page, server, admin }) => {
    const grace = await addMember(server, admin);
    const members = new MembersPage(page);
    await members.open();
    await members.search.fill(grace.email);
    await page.getByRole("button", { name: "Find" }).click();
    await expect(members.row(admin.email).root).toHaveCount(0);
    await expect(members.row(grace.email).root).toBeVisible();
  });
});
