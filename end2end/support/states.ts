import { expect, type Page } from "@playwright/test";
import { CredentialsPage } from "../pages/credentials";
import { LogInPage, logOut } from "../pages/log_in";
import { MembersPage } from "../pages/members";
import { SignUpPage } from "../pages/sign_up";
import { addMember } from "./member";
import { somebody, type Person } from "./person";
import type { Server } from "./server";

export type Look = (state: string) => Promise<void>;

/** Leads through every page and every state of it, and looks at each. */
export async function throughEveryState(
  page: Page,
  server: Server,
  look: Look,
  person: Person = somebody(),
): Promise<void> {
  await throughSignUp(page, look);
  await new SignUpPage(page).signUp(person);
  await throughMembers(page, server, person, look);
  await throughProfile(page, look);
  await throughUsage(page, server, person, look);
  await throughCredentials(page, person.password, look);
  await throughDialog(page, look);
  await page.goto("/guide");
  await look("guide");
  await throughTrial(page, look);
  await page.goto("/no-such-page");
  await look("missing-page");
  await page.goto("/credentials");
  await logOut(page);
  await throughLogIn(page, look);

  const member = await addMember(server, person);
  await new LogInPage(page).logInAs(member);
  await expect(page.getByText(/You need the/)).toBeVisible();
  await look("credentials-refused");
}

async function throughTrial(page: Page, look: Look): Promise<void> {
  await page.getByRole("textbox", { name: "API key" }).fill("clv_api_nothing");
  await page.getByRole("textbox", { name: "Bundle key" }).fill("clv_bdl_nothing");
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByRole("region", { name: "Answer" })).toContainText("api_key_invalid");
  await look("guide-tried");
}

/** Requests as a gateway sends them, until the page can show them. */
async function throughUsage(page: Page, server: Server, person: Person, look: Look): Promise<void> {
  const credentials = new CredentialsPage(page);
  await credentials.open();
  const ApiKey = await credentials.view("API key", person.password);
  const BundleKey = await credentials.view("Bundle key", person.password);
  for (let request = 0; request < 20; request++) {
    await fetch(`${server.url}/v1/authorize`, { headers: { ApiKey, BundleKey } });
  }
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/requests passed/)).toBeVisible({ timeout: 100 });
  }).toPass();
  await look("credentials-used");
}

async function throughMembers(page: Page, server: Server, person: Person, look: Look): Promise<void> {
  const grace = await addMember(server, person);
  const members = new MembersPage(page);
  await members.open();
  await members.createInvitation.click();
  await expect(members.name).toHaveAttribute("aria-invalid", "true");
  await look("members-refused");
  const link = await members.invite("Barbara Liskov", somebody().email);
  await look("members-invited");
  await members.row(grace.email).switch("API credentials management").click();
  await members.confirm(person.password, "Permission given to Grace Member.");
  await members.row(grace.email).more.click();
  await look("members-given");
  await members.row(person.email).role.scrollIntoViewIfNeeded();
  await members.row(grace.email).remove.click();
  await expect(members.dialog.password).toBeFocused();
  await look("dialog-removing");
  await members.dialog.cancel.click();

  await page.goto(link);
  await expect(page.getByRole("heading", { name: /^Join/ })).toBeVisible();
  await look("join");
  await page.goto(`${link.slice(0, -4)}AAAA`);
  await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await look("link-that-does-not-work");
  await page.goto("/members/roles");
  await look("roles");
}

async function throughProfile(page: Page, look: Look): Promise<void> {
  await page.goto("/profile");
  await page
    .getByRole("region", { name: /assword$/ })
    .getByRole("button")
    .click();
  await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await look("profile-refused");
}

async function throughSignUp(page: Page, look: Look): Promise<void> {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await look("sign-up");
  await signUp.createAccount.click();
  await expect(signUp.password).toHaveAttribute("aria-invalid", "true");
  await look("sign-up-refused");
}

async function throughLogIn(page: Page, look: Look): Promise<void> {
  const logIn = new LogInPage(page);
  await logIn.open();
  await look("log-in");
  await logIn.enter({ email: somebody().email, password: "not the password" });
  await expect(logIn.alert).toHaveText(/Wrong/);
  await look("log-in-refused");
}

async function throughCredentials(page: Page, password: string, look: Look): Promise<void> {
  const credentials = new CredentialsPage(page);
  await expect(credentials.button("View", "API key")).toBeEnabled();
  await look("credentials-masked");
  await credentials.view("API key", password);
  await look("credentials-shown");
  await credentials.section("API key").hide.click();
  await credentials.copy("API key", password);
  await look("credentials-copied");
  await credentials.reset("Bundle key", password);
  await look("credentials-reset");

  const other = new CredentialsPage(await page.context().newPage());
  await other.open();
  await other.reset("API key", password);
  await other.page.close();
  await credentials.button("Reset", "API key").click();
  await credentials.dialog.enter(password);
  await expect(credentials.alert).toHaveText(/already reset/);
  await look("credentials-already-reset");
}

async function throughDialog(page: Page, look: Look): Promise<void> {
  const credentials = new CredentialsPage(page);
  await credentials.resetBoth.click();
  await expect(credentials.dialog.password).toBeFocused();
  await look("dialog-asking");
  await credentials.dialog.enter("not the password");
  await expect(credentials.dialog.alert).toHaveText(/^Wrong password/);
  await look("dialog-wrong-password");

  await page.route("**/api/**", (route) => route.abort("connectionrefused"));
  await credentials.dialog.enter("not the password");
  await expect(credentials.dialog.alert).toHaveText(/could not be reached/);
  await page.unroute("**/api/**");
  await look("dialog-unreachable");

  for (let attempt = 2; attempt <= 5; attempt++) {
    const answer = page.waitForResponse(/\/api\//);
    await credentials.dialog.enter("not the password");
    await answer;
  }
  await expect(credentials.dialog.alert).toHaveText(/seconds/);
  await look("dialog-waiting");
  await credentials.dialog.cancel.click();
}
