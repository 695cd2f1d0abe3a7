import { kinds, type Action } from "../pages/credentials";
import { expect, test } from "../support/fixtures";

const actions: Action[] = ["View", "Copy", "Reset"];

for (const action of actions) {
  for (const kind of kinds) {
    test(`${action} of the ${kind} does nothing on a wrong password`, async ({
      page,
      admin: _,
      credentials,
    }) => {
      const before = await credentials.section(kind).value.innerText();
      await credentials.button(action, kind).click();
      const answer = page.waitForResponse(/\/api\//);
      await credentials.dialog.enter("not the password");
      expect((await answer).status()).toBe(401);
      expect(await (await answer).text()).not.toMatch(/clv_/);

      await expect(credentials.dialog.alert).toHaveText(/^Wrong password/);
      await expect(credentials.dialog.root).toBeVisible();
      await expect(credentials.dialog.password).toHaveValue("");
      await expect(credentials.dialog.password).toBeFocused();
      await credentials.open();
      await expect(credentials.section(kind).value).toHaveText(before);
    });

    test(`Cancel and Escape leave the ${kind} alone when asked to ${action}`, async ({
      page,
      admin,
      credentials,
    }) => {
      const before = await credentials.section(kind).value.innerText();
      const calls: string[] = [];
      page.on("request", (request) => {
        if (request.method() === "POST") calls.push(request.url());
      });
      for (const way of ["Cancel", "Escape"]) {
        await credentials.button(action, kind).click();
        await credentials.dialog.password.fill(admin.password);
        if (way === "Cancel") await credentials.dialog.cancel.click();
        else await page.keyboard.press("Escape");
        await expect(credentials.dialog.root).toBeHidden();
        await expect(credentials.button(action, kind)).toBeFocused();
      }
      expect(calls).toEqual([]);
      await expect(credentials.section(kind).value).toHaveText(before);
    });
  }
}

test("the field is empty each time the dialog opens", async ({ admin, credentials }) => {
  await credentials.button("View", "API key").click();
  await credentials.dialog.password.fill(admin.password);
  await credentials.dialog.cancel.click();
  await credentials.button("Reset", "Bundle key").click();
  await expect(credentials.dialog.password).toHaveValue("");
  await expect(credentials.dialog.alert).toHaveCount(0);
});

test("without a password nothing is sent", async ({ page, admin: _, credentials }) => {
  const calls: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") calls.push(request.url());
  });
  await credentials.button("View", "API key").click();
  await credentials.dialog.confirm.click();
  await expect(credentials.dialog.alert).toHaveText(/\S/);
  await expect(credentials.dialog.root).toBeVisible();
  expect(calls).toEqual([]);
});

test("the right password after a wrong one is taken", async ({ admin, credentials }) => {
  await credentials.button("View", "API key").click();
  await credentials.dialog.enter("not the password");
  await expect(credentials.dialog.alert).toHaveText(/^Wrong password/);
  await credentials.dialog.enter(admin.password);
  await credentials.shown("API key");
});

test("the dialog is modal: what lies behind it is out of reach", async ({ page, admin: _, credentials }) => {
  await credentials.button("View", "API key").click();
  await expect(credentials.dialog.password).toBeFocused();
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press("Tab");
    const outside = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused !== document.body && focused?.closest("dialog") === null;
    });
    expect(outside).toBe(false);
  }
});

test("after five wrong passwords the wait counts down, and nothing is sent meanwhile", async ({
  page,
  admin,
  credentials,
}) => {
  await page.clock.install();
  await credentials.open();
  await credentials.button("Reset", "API key").click();
  for (let attempt = 1; attempt <= 5; attempt++) {
    const answer = page.waitForResponse(/\/api\/reset_credential/);
    await credentials.dialog.enter(`wrong password ${attempt}`);
    expect((await answer).status()).toBe(401);
    await expect(credentials.dialog.password).toHaveValue("");
  }
  await expect(credentials.dialog.alert).toHaveText(/30 seconds/);
  const { confirm, password, root } = credentials.dialog;
  const timer = root.getByRole("timer");
  await expect(timer).toHaveText(/^Try again in (30|29) seconds\.$/);
  await expect(confirm).toBeDisabled();

  let calls = 0;
  page.on("request", (request) => (calls += request.url().includes("/api/") ? 1 : 0));
  await password.fill(admin.password);
  await password.press("Enter");
  await page.clock.runFor(20_000);
  await expect(timer).toHaveText(/^Try again in \d seconds\.$/);
  expect(calls).toBe(0);
  await page.clock.runFor(11_000);
  await expect(credentials.dialog.alert).toHaveText("You can try again now.");
  await expect(timer).toBeHidden();
  await expect(confirm).toBeEnabled();
  await expect(password).toHaveValue(admin.password);

  // Only the browser's clock went on, so the server still refuses, and says for how long.
  const answer = page.waitForResponse(/\/api\/reset_credential/);
  await confirm.click();
  expect((await answer).status()).toBe(429);
  const wait = Number((await answer).headers()["retry-after"]);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(30);
  await expect(credentials.dialog.alert).toHaveText(/\d+ seconds?/);
  await expect(timer).toHaveText(/^Try again in \d+ seconds?\.$/);
  await expect(credentials.dialog.root).toBeVisible();
});

test("a wait goes on while the dialog is closed", async ({ page, admin: _, credentials }) => {
  await credentials.button("View", "API key").click();
  for (let attempt = 1; attempt <= 5; attempt++) {
    const answer = page.waitForResponse(/\/api\/view_credential/);
    await credentials.dialog.enter(`wrong password ${attempt}`);
    await answer;
  }
  await credentials.dialog.cancel.click();
  await credentials.button("Copy", "Bundle key").click();
  await expect(credentials.dialog.root.getByRole("timer")).toHaveText(/^Try again in \d+ seconds\.$/);
  await expect(credentials.dialog.confirm).toBeDisabled();
});

test("the session goes on under a new token once a password was given", async ({
  context,
  admin,
  credentials,
}) => {
  const token = async () =>
    (await context.cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).sort();
  const before = await token();
  await credentials.view("API key", admin.password);
  const after = await token();
  expect(after).not.toEqual(before);
  await credentials.open();
  await expect(credentials.heading).toBeVisible();
});

test("the cookies are out of reach of scripts and of other sites", async ({ page, context, admin: _ }) => {
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
    expect(cookie.name).toMatch(/^__Host-/);
  }
  expect(await page.evaluate(() => document.cookie)).toBe("");
});
