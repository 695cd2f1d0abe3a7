import { anyKey } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { expect, test } from "../support/fixtures";
import { somebody } from "../support/person";

test("somebody logs out and in again", async ({ page, admin, credentials }) => {
  await logOut(page);
  await new LogInPage(page).logInAs(admin);
  await credentials.expectMasked();
});

test("the email address may be typed in capitals", async ({ page, admin }) => {
  await logOut(page);
  await new LogInPage(page).logInAs({ ...admin, email: ` ${admin.email.toUpperCase()} ` });
});

test("a wrong password and an unknown address get the same answer", async ({ page, admin }) => {
  await logOut(page);
  const logIn = new LogInPage(page);
  const answers = [];
  for (const email of [admin.email, somebody().email]) {
    await logIn.open();
    await logIn.enter({ email, password: "not the password" });
    await expect(logIn.alert).toHaveText(/Wrong email or password/);
    answers.push(await logIn.alert.innerText());
    await expect(logIn.email).toHaveValue(email);
    await expect(logIn.password).toHaveValue("");
  }
  expect(answers[0]).toBe(answers[1]);
  await expect(page).toHaveURL(/\/login/);
});

test("after five wrong passwords the log-in counts the wait down, and keeps what is typed", async ({
  page,
  admin,
}) => {
  await logOut(page);
  await page.clock.install();
  const logIn = new LogInPage(page);
  await logIn.open();
  for (let attempt = 1; attempt <= 5; attempt++) {
    const answer = page.waitForResponse(/\/api\/sign_in/);
    await logIn.enter({ email: admin.email, password: `wrong password ${attempt}` });
    expect((await answer).status()).toBe(401);
    await expect(logIn.password).toHaveValue("");
  }
  await expect(logIn.alert).toHaveText(/30 seconds/);

  const timer = page.getByRole("timer");
  await expect(timer).toHaveText(/^Try again in (30|29) seconds\.$/);
  await expect(logIn.logIn).toBeDisabled();
  await logIn.password.fill(admin.password);
  await page.clock.runFor(31_000);
  await expect(logIn.alert).toHaveText("You can try again now.");
  await expect(logIn.password).toHaveValue(admin.password);

  // Only the browser's clock went on, so the server still refuses, and says for how long.
  const answer = page.waitForResponse(/\/api\/sign_in/);
  await logIn.logIn.click();
  expect((await answer).status()).toBe(429);
  expect(Number((await answer).headers()["retry-after"])).toBeGreaterThan(0);
  await expect(logIn.alert).toHaveText(/Too many wrong passwords/);
  await expect(timer).toHaveText(/^Try again in \d+ seconds?\.$/);
  await expect(logIn.password).toHaveValue(admin.password);
});

test("the log-in says whom to ask when the password is forgotten", async ({ page }) => {
  await new LogInPage(page).open();
  await page.getByRole("link", { name: /Forgot your password/ }).click();
  await expect(page.getByText(/operator of this installation/)).toBeVisible();
});

for (const path of ["/credentials", "/guide", "/"]) {
  test(`signed out, ${path} leads to the log-in and from there back`, async ({ page, admin }) => {
    await logOut(page);
    await page.goto(path);
    await expect(page).toHaveURL(/\/login\?next=/);
    await new LogInPage(page).enter(admin);
    await expect(page).toHaveURL(path === "/" ? /\/credentials$/ : new RegExp(`${path}$`));
  });
}

test("signed out, the server itself redirects", async ({ request }) => {
  const answer = await request.get("/credentials", { maxRedirects: 0 });
  expect(answer.status()).toBe(302);
  expect(answer.headers()["location"]).toMatch(/^\/login\?next=(\/|%2F)credentials$/);
  expect(await answer.text()).not.toMatch(/clv_/);
});

for (const next of [
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "https://evil.example/",
  "/\t/evil.example",
  "/\n/evil.example",
  "javascript:alert(1)",
  "/..//evil.example",
  "/credentials/%2e%2e//evil.example",
  "evil.example",
]) {
  test(`after the log-in nobody is led to ${JSON.stringify(next)}`, async ({ page, admin, server }) => {
    await logOut(page);
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await new LogInPage(page).enter(admin);
    await expect(page).toHaveURL(/\/credentials$/);
    expect(new URL(page.url()).origin).toBe(server.url);
  });
}

test("after the log-out the back button shows nothing", async ({ page, admin, credentials }) => {
  await credentials.view("API key", admin.password);
  await logOut(page);
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
  await expect(credentials.section("API key").root).toHaveCount(0);
  expect(await page.content()).not.toMatch(anyKey);
});

test("a page that comes back from the browser's cache is loaded anew", async ({
  page,
  admin: _,
  credentials,
}) => {
  await expect(credentials.button("View", "API key")).toBeEnabled();
  const reloaded = page.waitForRequest((request) => request.isNavigationRequest());
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await reloaded;
  await expect(credentials.heading).toBeVisible();
});

test("logged out in one tab, the other leads to the log-in", async ({ page, context, admin: _ }) => {
  const other = await context.newPage();
  await other.goto("/credentials");
  await logOut(other);
  await page.reload();
  await expect(page).toHaveURL(/\/login/);
});

test("somebody who is signed in may sign another organisation up", async ({ page, admin, credentials }) => {
  const before = await credentials.section("API key").value.innerText();
  const second = somebody();
  await new SignUpPage(page).signUp(second);
  await expect(page.getByRole("banner")).toContainText(second.organisation);
  await expect(page.getByRole("banner")).not.toContainText(admin.organisation);
  expect(await credentials.section("API key").value.innerText()).not.toBe(before);
});
