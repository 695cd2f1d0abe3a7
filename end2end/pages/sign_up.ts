import { expect, type Locator, type Page } from "@playwright/test";
import type { Person } from "../support/person";

export class SignUpPage {
  readonly organisation: Locator;
  readonly name: Locator;
  readonly email: Locator;
  readonly password: Locator;
  readonly createAccount: Locator;

  constructor(readonly page: Page) {
    this.organisation = page.getByLabel("Organisation", { exact: true });
    this.name = page.getByLabel("Your name", { exact: true });
    this.email = page.getByLabel("Email", { exact: true });
    this.password = page.getByLabel("Password", { exact: true });
    this.createAccount = page.getByRole("button", { name: "Create account", exact: true });
  }

  async open(): Promise<void> {
    await this.page.goto("/signup");
  }

  async fill(person: Person): Promise<void> {
    await this.organisation.fill(person.organisation);
    await this.name.fill(person.name);
    await this.email.fill(person.email);
    await this.password.fill(person.password);
  }

  async signUp(person: Person): Promise<void> {
    await this.open();
    await this.fill(person);
    await this.createAccount.click();
    await expect(this.page).toHaveURL(/\/credentials$/);
  }
}
