import { anyKey, masked } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { expect, test } from "../support/fixtures";
import { somebody } from "../support/person";

test.use({ javaScriptEnabled: false });

test("somebody signs up, logs out and logs in", async ({ page, credentials }) => {
  const person = somebody();
  await new SignUpPage(page).signUp(person);
  await expect(credentials.heading).toBeVisible();
  await expect(credentials.section("API key").value).toHaveText(masked["API key"]);
  await logOut(page);
  await new LogInPage(page).logInAs(person);
  await expect(credentials.heading).toBeVisible();
});

test("a refused sign-up says why beside the field and keeps what was typed", async ({ page }) => {
  const signUp = new SignUpPage(page);
  const person = { ...somebody(), email: "nobody", password: "short" };
  await signUp.open();
  await signUp.fill(person);
  await signUp.createAccount.click();

  await expect(signUp.email).toHaveAccessibleDescription(/\S/);
  await expect(signUp.password).toHaveAccessibleDescription(/at least 15 characters/i);
  await expect(signUp.organisation).toHaveValue(person.organisation);
  await expect(signUp.name).toHaveValue(person.name);
  await expect(signUp.email).toHaveValue(person.email);
  await expect(signUp.password).toHaveValue("");
  expect(page.url()).not.toContain(person.email);
  expect(page.url()).not.toContain(person.password);

  const better = somebody();
  await signUp.email.fill(better.email);
  await signUp.password.fill(better.password);
  await signUp.createAccount.click();
  await expect(page).toHaveURL(/\/credentials$/);
});

test("a refused log-in says so and keeps the email address", async ({ page, admin }) => {
  await logOut(page);
  const logIn = new LogInPage(page);
  await logIn.open();
  await logIn.enter({ ...admin, password: "not the password" });
  await expect(logIn.alert).toHaveText(/Wrong email or password/);
  await expect(logIn.email).toHaveValue(admin.email);
  expect(page.url()).not.toContain("not%20the%20password");

  await logIn.password.fill(admin.password);
  await logIn.logIn.click();
  await expect(page).toHaveURL(/\/credentials$/);
});

test("the log-in leads back to the page that was asked for", async ({ page, admin }) => {
  await logOut(page);
  await page.goto("/guide");
  await expect(page).toHaveURL(/\/login\?next=/);
  await new LogInPage(page).enter(admin);
  await expect(page).toHaveURL(/\/guide$/);
});

test("a reset only says that it happened", async ({ page, admin, credentials }) => {
  const before = await credentials.section("API key").value.innerText();
  await credentials.button("Reset", "API key").click();
  await expect(credentials.dialog.root).toBeVisible();
  await credentials.dialog.enter(admin.password);

  await expect(credentials.status("API key reset. The old key no longer works.")).toBeVisible();
  await expect(credentials.section("API key").value).toHaveText(masked["API key"]);
  await expect(credentials.section("API key").value).not.toHaveText(before);
  expect(await page.content()).not.toMatch(anyKey);
});

test("both keys are reset together", async ({ admin, credentials }) => {
  await credentials.resetBoth.click();
  await credentials.dialog.enter(admin.password);
  await expect(credentials.status("Both keys reset. The old keys no longer work.")).toBeVisible();
});

test("a wrong password resets nothing and is said so", async ({ page, admin, credentials }) => {
  const before = await credentials.section("Bundle key").value.innerText();
  await credentials.button("Reset", "Bundle key").click();
  await credentials.dialog.enter("not the password");
  await expect(page.getByRole("alert").filter({ hasText: "Wrong password" })).toBeVisible();
  await expect(credentials.section("Bundle key").value).toHaveText(before);

  await credentials.dialog.enter(admin.password);
  await expect(credentials.status("Bundle key reset. The old key no longer works.")).toBeVisible();
});

test("Cancel leads back and resets nothing", async ({ admin: _, credentials }) => {
  const before = await credentials.section("API key").value.innerText();
  await credentials.button("Reset", "API key").click();
  await credentials.dialog.cancel.click();
  await expect(credentials.dialog.root).toBeHidden();
  await expect(credentials.section("API key").value).toHaveText(before);
});

test("View and Copy cannot be pressed, and the page says what they need", async ({
  page,
  admin: _,
  credentials,
}) => {
  for (const action of ["View", "Copy"] as const) {
    await expect(credentials.button(action, "API key")).toBeDisabled();
    await expect(credentials.button(action, "Bundle key")).toBeDisabled();
  }
  await expect(page.getByText(/need JavaScript/)).toBeVisible();
});
