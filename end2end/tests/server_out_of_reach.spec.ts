import { inClear, kinds } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { expect, test as base } from "../support/fixtures";
import { somebody } from "../support/person";

// Each test here stops its server, so it has one of its own.
const test = base.extend({ baseURL: async ({ ownServer }, use) => use(ownServer.url) });

const unreachable = /could not be reached/;

test("a server that is out of reach is told in the dialog, and the next attempt works", async ({
  page,
  admin,
  credentials,
  faults,
}) => {
  faults.allow(/net::ERR_/);
  await page.route("**/api/**", (route) => route.abort("connectionrefused"));
  for (const action of ["View", "Copy", "Reset"] as const) {
    await credentials.button(action, "API key").click();
    await credentials.dialog.enter(admin.password);
    await expect(credentials.dialog.alert).toHaveText(unreachable);
    await expect(credentials.dialog.root).toBeVisible();
    await credentials.dialog.cancel.click();
  }
  await page.unroute("**/api/**");
  await credentials.view("API key", admin.password);
});

test("a server that is stopped and started again is found again by the open dialog", async ({
  ownServer,
  admin,
  credentials,
  faults,
}) => {
  faults.allow(/net::ERR_/);
  const before = await credentials.view("API key", admin.password);
  await credentials.button("Reset", "API key").click();
  await ownServer.stop();
  await credentials.dialog.enter(admin.password);
  await expect(credentials.dialog.alert).toHaveText(unreachable);

  await ownServer.startAgain();
  await credentials.dialog.enter(admin.password);
  const value = await credentials.shown("API key");
  expect(value).toMatch(inClear["API key"]);
  expect(value).not.toBe(before);
});

test("a form keeps what was typed while the server is out of reach", async ({ page, ownServer, faults }) => {
  faults.allow(/net::ERR_/);
  const signUp = new SignUpPage(page);
  const person = somebody();
  await signUp.open();
  await signUp.fill(person);
  await ownServer.stop();
  await signUp.createAccount.click();
  await expect(page.getByRole("alert").filter({ hasText: unreachable })).toBeVisible();
  await expect(signUp.organisation).toHaveValue(person.organisation);
  await expect(signUp.email).toHaveValue(person.email);

  await ownServer.startAgain();
  await signUp.password.fill(person.password);
  await signUp.createAccount.click();
  await expect(page).toHaveURL(/\/credentials$/);
});

test("keys and session outlive a power cut", async ({ page, ownServer, admin, credentials }) => {
  const values = [];
  for (const kind of kinds) values.push(await credentials.view(kind, admin.password));
  values[0] = await credentials.reset("API key", admin.password);

  // The page reads the keys again after a reset. Without a server, the console would report that.
  await page.goto("about:blank");
  await ownServer.kill();
  await ownServer.startAgain();

  await credentials.open();
  await logOut(page);
  await new LogInPage(page).logInAs(admin);
  for (const [index, kind] of kinds.entries()) {
    expect(await credentials.view(kind, admin.password)).toBe(values[index]);
  }
});

test("an answer that is no answer is told as if there was none", async ({
  page,
  admin,
  credentials,
  faults,
}) => {
  faults.allow(/502/);
  await page.route("**/api/**", (route) =>
    route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }),
  );
  await credentials.button("View", "API key").click();
  await credentials.dialog.enter(admin.password);
  await expect(credentials.dialog.alert).toHaveText(unreachable);
});
