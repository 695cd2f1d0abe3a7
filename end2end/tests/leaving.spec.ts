import { CredentialsPage } from "../pages/credentials";
import { LogInPage } from "../pages/log_in";
import { MembersPage } from "../pages/members";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";

test("whoever leaves with a key is named, and the key is reset in the same step", async ({
  page,
  server,
  admin,
  credentials,
  visit,
}) => {
  const before = await credentials.view("API key", admin.password);
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  await members.row(grace.email).switch("API credentials management").click();
  await members.confirm(admin.password, "Permission given to Grace Member.");
  const theirs = new CredentialsPage(await visit("/login"));
  await new LogInPage(theirs.page).enter(grace);
  expect(await theirs.view("API key", grace.password)).toBe(before);

  await members.open();
  await expect(members.row(grace.email).root).toContainText("Has seen the API key");
  await members.row(grace.email).remove.click();
  await expect(members.dialog.root).toContainText("has seen the current API key");
  const offer = members.dialog.root.getByRole("checkbox", { name: /^Reset the API key too/ });
  await expect(offer).not.toBeChecked();
  await expect(members.dialog.root.getByRole("checkbox")).toHaveCount(1);
  await offer.check();
  await members.confirm(
    admin.password,
    "Grace Member was removed, and keys reset. The old keys no longer work.",
  );
  await expect(members.row(grace.email).root).toHaveCount(0);

  await credentials.open();
  expect(await credentials.view("API key", admin.password)).not.toBe(before);
});

test("whoever leaves without having seen a key leaves without a word of it", async ({
  page,
  server,
  admin,
  credentials,
}) => {
  const before = await credentials.view("Bundle key", admin.password);
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  await members.row(grace.email).remove.click();
  await expect(members.dialog.root).not.toContainText("has seen");
  await expect(members.dialog.root.getByRole("checkbox")).toHaveCount(0);
  await members.confirm(admin.password, "Grace Member was removed.");
  await credentials.open();
  expect(await credentials.view("Bundle key", admin.password)).toBe(before);
});
