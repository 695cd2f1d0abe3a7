import { expect, type Locator, type Page } from "@playwright/test";

/** The dialog that asks for the password before anything is done. */
export class ConfirmDialog {
  readonly root: Locator;
  readonly password: Locator;
  readonly confirm: Locator;
  readonly cancel: Locator;
  readonly alert: Locator;

  constructor(page: Page) {
    this.root = page.getByRole("dialog", { name: "Confirm your password", exact: true });
    this.password = this.root.getByLabel("Password", { exact: true });
    this.confirm = this.root.getByRole("button", { name: "Confirm", exact: true });
    this.cancel = this.root.getByRole("button", { name: "Cancel", exact: true });
    this.alert = this.root.getByRole("alert").filter({ hasText: /\S/ });
  }

  /** Types a password and sends it, whatever comes of it. */
  async enter(password: string): Promise<void> {
    await expect(this.password).toHaveValue("");
    await this.password.fill(password);
    await this.confirm.click();
  }
}
