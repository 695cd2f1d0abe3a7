import type { Locator, Page } from "@playwright/test";
import { JoinPage, MembersPage } from "../pages/members";
import { LogInPage } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { expectNoSideways } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addMember, invite } from "../support/member";
import { somebody } from "../support/person";

const arabic = "محمد علي";

/** The pieces of a text in the order in which they are seen, from the top and from the left. */
async function asSeen(text: Locator, pieces: string[]): Promise<string[]> {
  return text.evaluate((element, pieces) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes: Text[] = [];
    while (walker.nextNode()) nodes.push(walker.currentNode as Text);
    const placed = pieces.map((piece) => {
      const node = nodes.find((node) => node.data.includes(piece));
      if (!node) throw new Error(`"${piece}" is not within one part of "${element.textContent}"`);
      const range = document.createRange();
      range.setStart(node, node.data.indexOf(piece));
      range.setEnd(node, node.data.indexOf(piece) + piece.length);
      const { top, left } = range.getBoundingClientRect();
      return { piece, top: Math.round(top / 8), left };
    });
    return placed.toSorted((a, b) => a.top - b.top || a.left - b.left).map(({ piece }) => piece);
  }, pieces);
}

test("a name that runs from right to left leaves the words and dates beside it in order", async ({
  page,
  server,
}) => {
  const admin = { ...somebody(), name: arabic, organisation: "شركة الخرائط" };
  await new SignUpPage(page).signUp(admin);
  const grace = await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  const control = members.row(grace.email).switch("API credentials management");
  await control.click();
  await members.confirm(admin.password, "Permission given to");
  const year = new Date().getFullYear().toString();
  const given = members.row(grace.email).root.getByText(/^Given by/);
  const order = ["Given by", arabic, year, "UTC"];
  expect(await asSeen(given, order)).toEqual(order);
  await expect(control).toHaveAccessibleDescription(new RegExp(`Given by ${arabic}, \\d`));

  await invite(server, admin, somebody().email, "سارة");
  await members.open();
  const line = page.getByText(/^The link works until/);
  const parts = ["The link works until", year, "Invited by", arabic];
  expect(await asSeen(line, parts)).toEqual(parts);
});

test("fields for names take the direction of what is typed", async ({ page, admin: _ }) => {
  await page.goto("/members");
  for (const field of [page.getByLabel("Name", { exact: true }), page.getByRole("searchbox")]) {
    await field.fill(arabic);
    expect(await field.evaluate((input) => getComputedStyle(input).direction)).toBe("rtl");
    await field.fill("Ada");
    expect(await field.evaluate((input) => getComputedStyle(input).direction)).toBe("ltr");
  }
});

const long = "W".repeat(100);

async function expectEachFits(page: Page, paths: string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoSideways(page, path);
  }
}

for (const width of [1280, 360]) {
  test(`names of a hundred letters widen no page that is ${width} pixels wide`, async ({
    page,
    server,
    visit,
  }) => {
    test.slow();
    await page.setViewportSize({ width, height: 740 });
    const admin = { ...somebody(), name: long, organisation: long };
    await new SignUpPage(page).signUp(admin);
    const grace = await addMember(server, admin);
    const members = new MembersPage(page);

    await page.goto("/members/roles");
    await page.getByLabel("Role name").fill("W".repeat(40));
    await page.getByRole("button", { name: "Create role" }).click();
    await expect(members.dialog.password).toBeFocused();
    await expectNoSideways(page, "the dialog of a role");
    expect(await members.dialog.root.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
    await members.confirm(admin.password, "Role created.");

    await members.open();
    const link = await members.invite(long, somebody().email);
    await expectNoSideways(page, "the invitation and what is said of it");
    await members.row(grace.email).role.selectOption("W".repeat(40));
    await members.confirm(admin.password, "Role of Grace Member changed.");
    await members.row(grace.email).switch("Audit log").click();
    await members.confirm(admin.password, "Permission given to");
    await members.row(admin.email).more.click();
    await members.row(admin.email).button("Make password link").click();
    await members.dialog.enter(admin.password);
    const passwordLink = await members.passwordLink.inputValue();
    await expectEachFits(page, ["/members", "/members/roles", "/credentials", "/guide", "/profile"]);

    const theirs = await visit(link);
    await theirs.setViewportSize({ width, height: 740 });
    await expect(new JoinPage(theirs).join).toBeVisible();
    await expectNoSideways(theirs, "the invitation");
    await theirs.goto(passwordLink);
    await expect(theirs.getByRole("button", { name: "Set password" })).toBeVisible();
    await expectNoSideways(theirs, "the password link");
    await theirs.goto("/login");
    await new LogInPage(theirs).enter(grace);
    await expect(theirs.getByText("You need the")).toBeVisible();
    await expectNoSideways(theirs, "the names of whom to ask");
  });
}

test("what is about oneself says so, and other words say whose they are", async ({ page, server, admin }) => {
  await addMember(server, admin);
  const members = new MembersPage(page);
  await members.open();
  await expect(page.getByText("inviting somebody does not")).toBeVisible();
  const own = members.row(admin.email);
  await own.more.click();
  await own.button("Log out everywhere").click();
  await expect(members.dialog.root).toContainText("You will be logged out everywhere, here too.");
});
