import { inClear, kinds, masked } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { copyElsewhere } from "../support/clipboard";
import { expect, test } from "../support/fixtures";
import { somebody } from "../support/person";
import { Server } from "../support/server";

test("signing up makes an account with both its keys", async ({ page, credentials }) => {
  const person = somebody();
  await new SignUpPage(page).signUp(person);

  await expect(credentials.heading).toBeVisible();
  for (const kind of kinds) {
    await expect(credentials.section(kind).value).toHaveText(masked[kind]);
    await expect(credentials.section(kind).root).toContainText(person.name);
    await expect(credentials.section(kind).root.getByRole("time")).toHaveAttribute(
      "datetime",
      /^\d{4}-\d\d-\d\dT/,
    );
    await expect(credentials.section(kind).root).toContainText("Never");
  }
  await expect(page.getByRole("main").getByRole("link", { name: "guide" })).toHaveAttribute("href", "/guide");
  await expect(page.getByRole("banner")).toContainText(person.organisation);
});

test("two organisations have keys of their own", async ({ page, credentials }) => {
  const seen = new Set<string>();
  for (const person of [somebody(), somebody()]) {
    await new SignUpPage(page).signUp(person);
    for (const kind of kinds) seen.add(await credentials.view(kind, person.password));
    await logOut(page);
  }
  expect(seen.size).toBe(4);
  expect([...seen].filter((value) => inClear["API key"].test(value))).toHaveLength(2);
});

test("what is wrong stands beside its field, and what was typed stays, but for the password", async ({
  page,
}) => {
  const signUp = new SignUpPage(page);
  const person = { ...somebody(), email: "nobody", password: "short" };
  await signUp.open();
  await signUp.fill(person);
  await signUp.createAccount.click();

  await expect(signUp.email).toHaveAccessibleDescription(/\S/);
  await expect(signUp.email).toHaveAttribute("aria-invalid", "true");
  await expect(signUp.password).toHaveAccessibleDescription(/at least 15 characters/i);
  await expect(signUp.organisation).toHaveValue(person.organisation);
  await expect(signUp.name).toHaveValue(person.name);
  await expect(signUp.email).toHaveValue(person.email);
  await expect(signUp.password).toHaveValue("");
  await expect(signUp.email).toBeFocused();
});

test("an empty form says what is missing", async ({ page }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.createAccount.click();

  for (const field of [signUp.organisation, signUp.name, signUp.email, signUp.password]) {
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(/\S/);
  }
  await expect(page).toHaveURL(/\/signup/);
});

test("a password that is easily guessed is refused", async ({ page }) => {
  const signUp = new SignUpPage(page);
  const person = somebody();
  const easy = ["passwordpassword", "aaaaaaaaaaaaaaaaaaaa", `${person.organisation} ${person.name}`];
  for (const password of easy) {
    await signUp.open();
    await signUp.fill({ ...person, password });
    await signUp.createAccount.click();
    await expect(signUp.password).toHaveAttribute("aria-invalid", "true");
  }
});

test("a password may be a long sentence in any language", async ({ page }) => {
  const person = { ...somebody(), password: "Два капитана пили чай — 9 чашек, ü und ½!" };
  await new SignUpPage(page).signUp(person);
  await logOut(page);
  await new LogInPage(page).logInAs(person);
});

test("a password can be pasted", async ({ page, context }) => {
  const signUp = new SignUpPage(page);
  const person = somebody();
  await signUp.open();
  await signUp.fill({ ...person, password: "" });
  await copyElsewhere(context, person.password);
  await signUp.password.focus();
  await page.keyboard.press("Control+v");
  await expect(signUp.password).toHaveValue(person.password);
});

test("an email address that is taken is said so, and nobody is signed in", async ({ page, admin }) => {
  await logOut(page);
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.fill({ ...somebody(), email: admin.email.toUpperCase() });
  await signUp.createAccount.click();

  await expect(signUp.email).toHaveAttribute("aria-invalid", "true");
  await expect(signUp.email).toHaveAccessibleDescription(/has an account/);
  await page.goto("/credentials");
  await expect(page).toHaveURL(/\/login/);
});

test("a good password stays where only another field was wrong, whose error leaves while it is corrected", async ({
  page,
  admin,
}) => {
  await logOut(page);
  const signUp = new SignUpPage(page);
  const person = somebody();
  await signUp.open();
  await signUp.fill({ ...person, email: admin.email });
  await signUp.createAccount.click();
  await expect(signUp.email).toBeFocused();
  await expect(signUp.email).toHaveAttribute("aria-invalid", "true");
  await expect(signUp.password).toHaveValue(person.password);

  await signUp.email.fill(person.email);
  await expect(signUp.email).not.toHaveAttribute("aria-invalid", "true");
  await expect(signUp.email).toHaveAccessibleDescription("");
  await signUp.createAccount.click();
  await expect(page).toHaveURL(/\/credentials$/);
});

test("closed registration shows no form and says whom to ask", async ({ page }) => {
  const server = await Server.start({ CLAVIGER_REGISTRATION: "closed" });
  try {
    await page.goto(`${server.url}/signup`);
    await expect(page.getByRole("alert").filter({ hasText: "Registration is closed" })).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);

    const answer = await page.request.post(`${server.url}/api/sign_up`, {
      form: { ...somebody() },
      headers: { Origin: server.url },
      maxRedirects: 0,
    });
    expect([302, 303, 403]).toContain(answer.status());
    const home = await page.request.get(`${server.url}/credentials`, { maxRedirects: 0 });
    expect(home.status()).toBe(302);
  } finally {
    await server.remove();
  }
});
