import type { Page } from "@playwright/test";
import { anyKey, inClear, kinds } from "../pages/credentials";
import { copyElsewhere, pasted } from "../support/clipboard";
import { expect, test } from "../support/fixtures";

/** Notes whatever looks like a key in clear, wherever and however briefly it comes onto the page. */
async function watchForKeys(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript((pattern) => {
    const key = new RegExp(pattern);
    const seen: string[] = [];
    Object.assign(window, { keysSeen: seen });
    const look = () => {
      const fields = [...document.querySelectorAll("input, textarea")].map(
        (field) => (field as HTMLInputElement).value,
      );
      const found = [document.documentElement.outerHTML, ...fields].map((text) => key.exec(text)?.[0]);
      seen.push(...found.filter((value) => value !== undefined));
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  }, anyKey.source);
  return () => page.evaluate(() => (window as unknown as { keysSeen: string[] }).keysSeen);
}

for (const kind of kinds) {
  test(`the ${kind} is on the clipboard, and was never on the page`, async ({
    page,
    context,
    admin,
    credentials,
  }) => {
    const keysSeen = await watchForKeys(page);
    await credentials.open();
    await credentials.copy(kind, admin.password);

    const copied = await pasted(context);
    expect(copied).toMatch(inClear[kind]);
    expect(await keysSeen()).toEqual([]);
    await credentials.expectMasked();
    await expect(credentials.button("Copy", kind)).toBeFocused();

    expect(await credentials.view(kind, admin.password)).toBe(copied);
    expect(await keysSeen(), "the watch itself works").toContain(copied);
  });
}

test("a wrong password leaves the clipboard as it was", async ({ context, admin: _, credentials }) => {
  await copyElsewhere(context, "kept");
  await credentials.button("Copy", "API key").click();
  await credentials.dialog.enter("not the password");
  await expect(credentials.dialog.alert).toHaveText(/Wrong password/);
  expect(await pasted(context)).toBe("kept");
});

test("where the browser refuses the clipboard, Copy now copies", async ({
  page,
  context,
  admin,
  credentials,
}) => {
  const keysSeen = await watchForKeys(page);
  await page.addInitScript(() => {
    const write = navigator.clipboard.write.bind(navigator.clipboard);
    let refusals = 1;
    navigator.clipboard.write = async (items) => {
      if (refusals-- > 0) throw new DOMException("Write permission denied.", "NotAllowedError");
      await write(items);
    };
  });
  await credentials.open();
  await credentials.button("Copy", "API key").click();
  await credentials.dialog.enter(admin.password);
  await expect(credentials.dialog.root).toBeHidden();
  await expect(credentials.alert.filter({ hasText: "The browser did not allow copying" })).toBeVisible();
  await expect(credentials.status("API key copied")).toHaveCount(0);

  await page.getByRole("button", { name: "Copy now", exact: true }).click();
  await expect(credentials.status("API key copied")).toBeVisible();
  await expect(credentials.alert).toHaveCount(0);
  expect(await pasted(context)).toMatch(inClear["API key"]);
  expect(await keysSeen()).toEqual([]);
});

test("a browser that never allows the clipboard says so again", async ({ page, admin, credentials }) => {
  await page.addInitScript(() => {
    const refuse = async () => {
      throw new DOMException("Write permission denied.", "NotAllowedError");
    };
    Object.assign(navigator.clipboard, { write: refuse, writeText: refuse });
  });
  await credentials.open();
  await credentials.button("Copy", "Bundle key").click();
  await credentials.dialog.enter(admin.password);
  await page.getByRole("button", { name: "Copy now", exact: true }).click();
  await expect(credentials.alert.filter({ hasText: "The browser did not allow copying" })).toBeVisible();
  expect(await page.content()).not.toMatch(anyKey);
});
