import { expect, type Locator, type Page } from "@playwright/test";

export class LogInPage {
  readonly heading: Locator;
  readonly email: Locator;
  readonly password: Locator;
  readonly logIn: Locator;
  readonly alert: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole("heading", { name: "Log in", exact: true });
    this.email = page.getByLabel("Email", { exact: true });
    this.password = page.getByLabel("Password", { exact: true });
    this.logIn = page.getByRole("button", { name: "Log in", exact: true });
    this.alert = page.getByRole("alert").filter({ hasText: /\S/ });
  }

  async open(): Promise<void> {
    await this.page.goto("/login");
  }

  async enter(person: { email: string; password: string }): Promise<void> {
    await this.email.fill(person.email);
    await this.password.fill(person.password);
    await this.logIn.click();
  }

  async logInAs(person: { email: string; password: string }): Promise<void> {
    await this.open();
    await this.enter(person);
    await expect(this.page).toHaveURL(/\/credentials$/);
  }
}

/** On every page of whoever is signed in. */
export async function logOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
}
