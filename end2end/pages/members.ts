import { expect, type Locator, type Page } from "@playwright/test";
import { ConfirmDialog } from "./confirm_dialog";

export type Permission = "API credentials management" | "Member management" | "Audit log";

/** One member in the table. */
export class MemberRow {
  readonly role: Locator;
  readonly disable: Locator;
  readonly enable: Locator;
  readonly remove: Locator;
  readonly more: Locator;

  constructor(readonly root: Locator) {
    this.role = root.getByRole("combobox", { name: "Role", exact: true });
    this.disable = root.getByRole("button", { name: "Disable", exact: true });
    this.enable = root.getByRole("button", { name: "Enable", exact: true });
    this.remove = root.getByRole("button", { name: "Remove", exact: true });
    this.more = root.getByText("More", { exact: true });
  }

  switch(permission: Permission): Locator {
    return this.root.getByRole("switch", { name: permission, exact: true });
  }

  button(name: string): Locator {
    return this.root.getByRole("button", { name, exact: true });
  }
}

export class MembersPage {
  readonly heading: Locator;
  readonly search: Locator;
  readonly name: Locator;
  readonly email: Locator;
  readonly createInvitation: Locator;
  readonly link: Locator;
  readonly passwordLink: Locator;
  readonly linkDialog: Locator;
  readonly dialog: ConfirmDialog;

  constructor(readonly page: Page) {
    this.heading = page.getByRole("heading", { name: "Members", exact: true });
    this.search = page.getByRole("searchbox", { name: "Search", exact: true });
    this.name = page.getByLabel("Name", { exact: true });
    this.email = page.getByLabel("Email", { exact: true });
    this.createInvitation = page.getByRole("button", { name: "Create invitation", exact: true });
    this.link = page.getByLabel("Invitation link", { exact: true });
    this.linkDialog = page.getByRole("dialog", { name: "Link made", exact: true });
    this.passwordLink = this.linkDialog.getByLabel("Password link", { exact: true });
    this.dialog = new ConfirmDialog(page);
  }

  async open(): Promise<void> {
    await this.page.goto("/members");
    await expect(this.heading).toBeVisible();
  }

  row(email: string): MemberRow {
    return new MemberRow(this.page.getByRole("row").filter({ hasText: email }));
  }

  status(words: string): Locator {
    return this.page.getByRole("status").filter({ hasText: words });
  }

  /** Invites somebody and answers the link. */
  async invite(name: string, email: string): Promise<string> {
    await this.name.fill(name);
    await this.email.fill(email);
    await this.createInvitation.click();
    await expect(this.status("Invitation created")).toBeVisible();
    return this.link.inputValue();
  }

  /** Gives the password to the dialog that is open, and waits for what the page says. */
  async confirm(password: string, words: string): Promise<void> {
    await this.dialog.enter(password);
    await expect(this.status(words)).toBeVisible();
    await expect(this.dialog.root).toBeHidden();
  }
}

/** The page behind an invitation link. */
export class JoinPage {
  readonly password: Locator;
  readonly join: Locator;

  constructor(readonly page: Page) {
    this.password = page.getByLabel("Password", { exact: true });
    this.join = page.getByRole("button", { name: "Join", exact: true });
  }
}
