import { test as base } from "@playwright/test";
import { CredentialsPage } from "../pages/credentials";
import { SignUpPage } from "../pages/sign_up";
import { Faults } from "./faults";
import { address, somebody, type Person } from "./person";
import { Server } from "./server";

interface PerTest {
  /** A server that the test may stop; `baseURL` is still the shared one. */
  ownServer: Server;
  /** What the console said in every page of the test; checked at its end. */
  faults: Faults;
  /** The admin of a new organisation, signed up and looking at the credentials. */
  admin: Person;
  credentials: CredentialsPage;
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

  admin: async ({ page }, use) => {
    const person = somebody();
    await new SignUpPage(page).signUp(person);
    await use(person);
  },

  credentials: async ({ page }, use) => use(new CredentialsPage(page)),
});

export { expect } from "@playwright/test";
