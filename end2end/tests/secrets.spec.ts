import type { BrowserContext, Page } from "@playwright/test";
import { CredentialsPage } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { pasted } from "../support/clipboard";
import { expect, test } from "../support/fixtures";
import { address, somebody, type Person } from "../support/person";
import { everythingInPostgres, makeDatabase } from "../support/postgres";
import { filesBelow, findIn, text, type Place } from "../support/search";
import { Server } from "../support/server";

const wrongPassword = "a-password-that-nobody-has-4711";

/** What a page has come to hold, other than on the screen. */
async function heldByTheBrowser(page: Page): Promise<Place[]> {
  const storage = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const caches = await window.caches.keys();
    return JSON.stringify({ local: { ...localStorage }, session: { ...sessionStorage }, databases, caches });
  });
  expect(storage).toBe('{"local":{},"session":{},"databases":[],"caches":[]}');
  return [text("the page", await page.content()), text("the browser's history", page.url())];
}

/** The cookies that are tokens; what a refused form keeps for a minute is shorter lived and no secret. */
async function noteTokens(context: BrowserContext, secrets: Map<string, string>): Promise<void> {
  for (const { name, value } of await context.cookies()) {
    if (/^[0-9A-Za-z_-]{32,}$/.test(value)) secrets.set(value, `the cookie ${name}`);
  }
}

/** Does everything that can be done with keys, and gathers every secret that there is. */
async function live(
  context: BrowserContext,
  person: Person,
): Promise<{ secrets: Map<string, string>; places: Place[] }> {
  const secrets = new Map([
    [person.password, "the password"],
    [wrongPassword, "a wrong password"],
  ]);
  const places: Place[] = [];
  const page = await context.newPage();
  page.on("request", (request) => places.push(text("an address", request.url())));
  page.on("response", async (response) => {
    const isPage = response.request().resourceType() === "document" && response.status() === 200;
    if (isPage) places.push(text("a page's source", await response.text()));
  });
  const noteCookies = async () => noteTokens(context, secrets);

  await new SignUpPage(page).signUp(person);
  await noteCookies();
  const credentials = new CredentialsPage(page);
  secrets.set(await credentials.view("API key", person.password), "the API key");
  await noteCookies();
  await credentials.section("API key").hide.click();
  places.push(...(await heldByTheBrowser(page)));

  await credentials.copy("Bundle key", person.password);
  secrets.set(await pasted(context), "the first bundle key");
  secrets.set(await credentials.reset("Bundle key", person.password), "the second bundle key");
  await credentials.section("Bundle key").hide.click();
  await credentials.resetBoth.click();
  await credentials.dialog.enter(wrongPassword);
  await expect(credentials.dialog.alert).toHaveText(/^Wrong password/);
  await credentials.dialog.cancel.click();
  places.push(...(await heldByTheBrowser(page)));

  await noteCookies();
  await logOut(page);
  const logIn = new LogInPage(page);
  await logIn.enter({ ...person, password: wrongPassword });
  await expect(logIn.alert).toHaveText(/Wrong/);
  await logIn.logInAs(person);
  await noteCookies();
  places.push(...(await heldByTheBrowser(page)));
  await page.close();
  return { secrets, places };
}

/** The same without JavaScript, where forms go through addresses and cookies. */
async function liveWithoutScript(context: BrowserContext, person: Person, places: Place[]): Promise<void> {
  const page = await context.newPage();
  page.on("request", (request) => places.push(text("an address", request.url())));
  const logIn = new LogInPage(page);
  await logIn.open();
  await logIn.enter({ ...person, password: wrongPassword });
  await expect(logIn.alert).toHaveText(/Wrong/);
  places.push(text("the refused log-in", await page.content()));
  await logIn.logInAs(person);
  const credentials = new CredentialsPage(page);
  await credentials.button("Reset", "API key").click();
  await credentials.dialog.enter(person.password);
  await expect(credentials.status("API key reset. The old key no longer works.")).toBeVisible();
  places.push(text("the page after a reset", await page.content()));
  await page.close();
}

for (const engine of ["SQLite", "PostgreSQL"] as const) {
  test(`no secret turns up where it does not belong, with ${engine}`, async ({ context, browser }) => {
    test.slow();
    const settings = engine === "PostgreSQL" ? { CLAVIGER_DATABASE_URL: await makeDatabase() } : undefined;
    const server = await Server.start(settings);
    const options = { baseURL: server.url, extraHTTPHeaders: { "X-Forwarded-For": address() } };
    const withScript = await browser.newContext(options);
    const withoutScript = await browser.newContext({ ...options, javaScriptEnabled: false });
    try {
      const person = somebody();
      const { secrets, places } = await live(withScript, person);
      await liveWithoutScript(withoutScript, person, places);
      for (const cookie of await withoutScript.cookies())
        secrets.set(cookie.value, `the cookie ${cookie.name}`);
      expect(secrets.size).toBeGreaterThanOrEqual(8);

      const stored = async () => [
        text("the server's log", await server.log()),
        ...(await filesBelow(server.dataFolder)),
        ...(engine === "PostgreSQL" ? await everythingInPostgres() : []),
      ];
      // While it runs, with its write-ahead log, and after it has stopped.
      places.push(...(await stored()));
      await server.stop();
      places.push(...(await stored()));

      expect(findIn(places, secrets)).toEqual([]);

      // That the search finds what is there: the e-mail address is stored, the path is logged.
      const inDatabase = engine === "PostgreSQL" ? ["PostgreSQL's log", "pg_wal/", "base/"] : ["claviger.db"];
      const found = findIn(places, new Map([[person.email, "the email"]]));
      for (const place of inDatabase) expect(found.join("\n")).toContain(place);
      expect(findIn(places, new Map([["view_credential", "the path"]]))).toContain(
        "the path in the server's log",
      );
    } finally {
      await withScript.close();
      await withoutScript.close();
      await context.close();
      await server.remove();
    }
  });
}
