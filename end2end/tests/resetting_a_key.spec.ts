import { inClear, kinds, masked } from "../pages/credentials";
import { expect, test } from "../support/fixtures";

for (const kind of kinds) {
  test(`a reset replaces the ${kind} and shows the new one`, async ({ admin, credentials }) => {
    const old = await credentials.view(kind, admin.password);

    await credentials.button("Reset", kind).click();
    await expect(credentials.dialog.root).toHaveAccessibleDescription(/replace.*stops working/);
    await credentials.dialog.enter(admin.password);
    await expect(credentials.status(`${kind} reset. The old key no longer works.`)).toBeVisible();
    const value = await credentials.shown(kind);
    expect(value).not.toBe(old);
    await expect(credentials.section(kind).root).toContainText(/Hides in \d+ s/);

    await credentials.section(kind).hide.click();
    await expect(credentials.section(kind).value).toHaveText(masked[kind]);
    expect((await credentials.section(kind).value.innerText()).slice(-4)).toBe(value.slice(-4));
    expect(await credentials.view(kind, admin.password)).toBe(value);
  });
}

test("a reset of one key leaves the other", async ({ admin, credentials }) => {
  const bundleKey = await credentials.view("Bundle key", admin.password);
  await credentials.reset("API key", admin.password);
  await credentials.open();
  expect(await credentials.view("Bundle key", admin.password)).toBe(bundleKey);
});

test("both keys are reset together", async ({ admin, credentials }) => {
  const before = [];
  for (const kind of kinds) before.push(await credentials.view(kind, admin.password));

  await credentials.resetBoth.click();
  await expect(credentials.dialog.root).toHaveAccessibleDescription(/both/);
  await credentials.dialog.enter(admin.password);
  await expect(credentials.status("Both keys reset. The old keys no longer work.")).toBeVisible();
  for (const kind of kinds) expect(before).not.toContain(await credentials.shown(kind));
});

test("a key can be reset again and again", async ({ admin, credentials }) => {
  const values = new Set([await credentials.view("API key", admin.password)]);
  for (let times = 1; times <= 3; times++) values.add(await credentials.reset("API key", admin.password));
  expect(values.size).toBe(4);
});

test("the page shows the new key's hint after a reload", async ({ admin, credentials }) => {
  const value = await credentials.reset("API key", admin.password);
  await credentials.open();
  await expect(credentials.section("API key").value).toHaveText(masked["API key"]);
  expect((await credentials.section("API key").value.innerText()).slice(-4)).toBe(value.slice(-4));
});

test("a double click on Confirm resets once", async ({ page, admin, credentials }) => {
  let resets = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/reset_credential")) resets++;
  });
  await credentials.button("Reset", "API key").click();
  await credentials.dialog.password.fill(admin.password);
  await credentials.dialog.confirm.dblclick();

  const value = await credentials.shown("API key");
  await expect(credentials.status("API key reset. The old key no longer works.")).toBeVisible();
  await expect(credentials.alert).toHaveCount(0);
  expect(resets).toBe(1);
  await credentials.section("API key").hide.click();
  expect(await credentials.view("API key", admin.password)).toBe(value);
});

test("Enter pressed twice resets once", async ({ page, admin, credentials }) => {
  let resets = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/reset_credential")) resets++;
  });
  await credentials.button("Reset", "Bundle key").click();
  await credentials.dialog.password.fill(admin.password);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(credentials.section("Bundle key").value).toHaveText(inClear["Bundle key"]);
  expect(resets).toBe(1);
});
