import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import { CredentialsPage } from "../pages/credentials";
import { Faults } from "./faults";
import { signUp } from "./member";
import { address, somebody, type Person } from "./person";
import { Server } from "./server";

interface PerTest {
  /** A server that the test may stop; `baseURL` is still the shared one. */
  ownServer: Server;
  /** What the console said in every page of the test; checked at its end. */
  faults: Faults;
  /** The admin of a new organisation, signed up and looking at the credentials. signing_up.spec.ts tests the form. */
  admin: Person;
  credentials: CredentialsPage;
  /** Opens an address in a browser of somebody else, and may do something there. */
  visit: (address: string, act?: (page: Page) => Promise<void>) => Promise<Page>;
}

interface PerWorker {
  server: Server;
}

export const test = base.extend<PerTest, PerWorker>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],

  ownServer: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.remove();
  },

  baseURL: async ({ server }, use) => use(server.url),

  extraHTTPHeaders: async ({}, use) => use({ "X-Forwarded-For": address() }),

  faults: [
    async ({ context }, use) => {
      const faults = new Faults();
      faults.watch(context);
      await use(faults);
      faults.verify();
    },
    { auto: true },
  ],

  admin: async ({ page, baseURL, credentials }, use) => {
    const person = somebody();
    await signUp(page.request, baseURL ?? "", person);
    await credentials.open();
    await expect(page).toHaveURL(/\/credentials$/);
    await use(person);
  },

  credentials: async ({ page }, use) => use(new CredentialsPage(page)),

  visit: async ({ browser, baseURL, faults, javaScriptEnabled }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (path, act) => {
      const extraHTTPHeaders = { "X-Forwarded-For": address() };
      const context = await browser.newContext({ baseURL, extraHTTPHeaders, javaScriptEnabled });
      contexts.push(context);
      faults.watch(context);
      const page = await context.newPage();
      await page.goto(path);
      await act?.(page);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

export { expect } from "@playwright/test";
