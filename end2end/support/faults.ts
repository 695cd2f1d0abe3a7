import { expect, type BrowserContext } from "@playwright/test";

/** The browser itself reports every refusal of the server; that is no fault of the page. */
const refusal = /^Failed to load resource: .* status of (400|401|403|409|429) .*\/api\//;

/** What the console must not say: errors, warnings, breaches of the content security policy. */
export class Faults {
  private readonly found: string[] = [];
  private readonly allowed = [refusal];

  watch(context: BrowserContext): void {
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.found.push(`${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => this.found.push(String(error.error())));
  }

  /** For what a test brings about itself. */
  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  verify(): void {
    const unexpected = this.found.filter((fault) => !this.allowed.some((pattern) => pattern.test(fault)));
    expect(unexpected, "what the console said").toEqual([]);
  }
}
