import { MembersPage } from "../pages/members";
import { pasted } from "../support/clipboard";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";

for (const viewport of [
  { width: 1280, height: 600 },
  { width: 360, height: 640 },
]) {
  test.describe(`${viewport.width} pixels wide`, () => {
    test.use({ viewport });

    test("a password link is shown in the dialog that made it, and is gone when that closes", async ({
      page,
      context,
      server,
      admin,
    }) => {
      for (let count = 0; count < 3; count++) await addMember(server, admin);
      const grace = await addMember(server, admin);
      const members = new MembersPage(page);
      await members.open();
      const row = members.row(grace.email);
      await row.more.click();
      await row.button("Make password link").click();
      await expect(members.dialog.root).toContainText(
        "a link by which Grace Member can choose a new password",
      );
      await members.dialog.enter(admin.password);

      await expect(members.passwordLink).toBeFocused();
      await expect(members.passwordLink).toBeInViewport({ ratio: 1 });
      const link = await members.passwordLink.inputValue();
      expect(link).toMatch(new RegExp(`^${server.url}/password/`));
      await members.linkDialog.getByRole("button", { name: "Copy link" }).click();
      await expect(members.linkDialog.getByRole("status")).toHaveText("Link copied");
      expect(await pasted(context)).toBe(link);

      await members.linkDialog.getByRole("button", { name: "Done" }).click();
      await expect(members.linkDialog).toBeHidden();
      await expect(row.button("Make password link")).toBeFocused();
      expect(await page.content()).not.toContain(link);
      await row.button("Make password link").click();
      await expect(members.dialog.password).toBeFocused();
    });
  });
}
