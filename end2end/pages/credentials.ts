import { expect, type Locator, type Page } from "@playwright/test";
import { ConfirmDialog } from "./confirm_dialog";

export type Kind = "API key" | "Bundle key";

export const kinds: Kind[] = ["API key", "Bundle key"];

/** What a key looks like in clear. */
export const inClear: Record<Kind, RegExp> = {
  "API key": /^clv_api_[0-9A-Za-z]{38}$/,
  "Bundle key": /^clv_bdl_[0-9A-Za-z]{38}$/,
};

/** What a key looks like to anyone who has not given the password. */
export const masked: Record<Kind, RegExp> = {
  "API key": /^clv_api_•{8}[0-9A-Za-z]{4}$/,
  "Bundle key": /^clv_bdl_•{8}[0-9A-Za-z]{4}$/,
};

/** A key in clear, anywhere in a text. */
export const anyKey = /clv_(api|bdl)_[0-9A-Za-z]{38}/;

export type Action = "View" | "Copy" | "Reset";

/** One of the two sections. */
export class KeySection {
  readonly root: Locator;
  readonly value: Locator;
  readonly hide: Locator;

  constructor(page: Page, kind: Kind) {
    this.root = page.getByRole("region", { name: kind, exact: true });
    this.value = this.root.locator("code");
    this.hide = this.root.getByRole("button", { name: "Hide", exact: true });
  }
}

export class CredentialsPage {
  readonly heading: Locator;
  readonly resetBoth: Locator;
  readonly dialog: ConfirmDialog;
  readonly alert: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole("heading", { name: "API credentials", exact: true });
    this.resetBoth = page.getByRole("button", { name: "Reset both keys", exact: true });
    this.dialog = new ConfirmDialog(page);
    this.alert = page.getByRole("main").getByRole("alert").filter({ hasText: /\S/ });
  }

  async open(): Promise<void> {
    await this.page.goto("/credentials");
  }

  section(kind: Kind): KeySection {
    return new KeySection(this.page, kind);
  }

  button(action: Action, kind: Kind): Locator {
    const name = `${action} ${kind === "API key" ? kind : "bundle key"}`;
    return this.page.getByRole("button", { name, exact: true });
  }

  status(words: string): Locator {
    return this.page.getByRole("status").filter({ hasText: words });
  }

  /** Views a key and answers its value. */
  async view(kind: Kind, password: string): Promise<string> {
    await this.button("View", kind).click();
    await this.dialog.enter(password);
    return this.shown(kind);
  }

  async copy(kind: Kind, password: string): Promise<void> {
    await this.button("Copy", kind).click();
    await this.dialog.enter(password);
    await expect(this.status(`${kind} copied`)).toBeVisible();
    await expect(this.dialog.root).toBeHidden();
  }

  /** Resets a key and answers its new value. */
  async reset(kind: Kind, password: string): Promise<string> {
    await this.button("Reset", kind).click();
    await this.dialog.enter(password);
    await expect(this.status(`${kind} reset. The old key no longer works.`)).toBeVisible();
    return this.shown(kind);
  }

  /** The value of a key that is in clear now. */
  async shown(kind: Kind): Promise<string> {
    await expect(this.dialog.root).toBeHidden();
    await expect(this.section(kind).value).toHaveText(inClear[kind]);
    return this.section(kind).value.innerText();
  }

  async expectMasked(): Promise<void> {
    for (const kind of kinds) {
      await expect(this.section(kind).value).toHaveText(masked[kind]);
    }
    expect(await this.page.content()).not.toMatch(anyKey);
  }
}
