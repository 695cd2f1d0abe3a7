import type { Page } from "@playwright/test";
import { kinds } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { expect, test } from "../support/fixtures";
import { somebody } from "../support/person";

/** Holds the WebAssembly back, as a slow network does, until the answer is called. */
async function holdBack(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

const early = { waitUntil: "commit" } as const;

test("what needs WebAssembly is disabled until it is there", async ({ page, admin: _, credentials }) => {
  const release = await holdBack(page);
  await page.goto("/credentials", early);
  await expect(credentials.heading).toBeVisible();
  for (const kind of kinds) {
    await expect(credentials.button("View", kind)).toBeDisabled();
    await expect(credentials.button("Copy", kind)).toBeDisabled();
  }
  release();
  for (const kind of kinds) {
    await expect(credentials.button("View", kind)).toBeEnabled();
    await expect(credentials.button("Copy", kind)).toBeEnabled();
  }
});

test("what was typed into the sign-up before hydration stays", async ({ page, credentials }) => {
  const release = await holdBack(page);
  const signUp = new SignUpPage(page);
  const person = somebody();
  await page.goto("/signup", early);
  await signUp.fill(person);
  release();
  await page.waitForLoadState("networkidle");
  await expect(signUp.organisation).toHaveValue(person.organisation);
  await expect(signUp.email).toHaveValue(person.email);
  await expect(signUp.password).toHaveValue(person.password);
  await signUp.createAccount.click();
  await expect(credentials.heading).toBeVisible();
});

test("the log-in works before hydration", async ({ page, admin }) => {
  await logOut(page);
  const release = await holdBack(page);
  await page.goto("/login", early);
  const logIn = new LogInPage(page);
  await logIn.email.fill(admin.email);
  await logIn.password.fill(admin.password);
  await logIn.logIn.click({ noWaitAfter: true });
  await expect(page).toHaveURL(/\/credentials$/);
  release();
});

test("a reset that is asked for before hydration opens its dialog, which then works", async ({
  page,
  admin,
  credentials,
}) => {
  const release = await holdBack(page);
  await page.goto("/credentials", early);
  await credentials.button("Reset", "API key").click({ noWaitAfter: true });
  await expect(credentials.dialog.root).toBeVisible();
  await credentials.dialog.password.fill(admin.password);
  release();
  await expect(credentials.button("View", "API key")).toBeEnabled();
  await expect(credentials.dialog.password).toHaveValue(admin.password);
  await credentials.dialog.confirm.click();
  await expect(credentials.status("API key reset. The old key no longer works.")).toBeVisible();
});
