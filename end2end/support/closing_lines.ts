import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import { existsSync, readFileSync } from "node:fs";

/** A log that is cut keeps its end: there each failure says once more what was expected and what the page showed. */
export default class ClosingLines implements Reporter {
  private readonly failures: string[] = [];

  printsToStdio(): boolean {
    return false;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus) return;
    const errors = result.errors.map((error) => (error.message ?? "").split("\n").slice(0, 12).join("\n"));
    this.failures.push([test.titlePath().slice(2).join(" › "), ...errors, ...pagesOf(result)].join("\n"));
  }

  onEnd(): void {
    for (const failure of this.failures) console.log(`\nFailed: ${failure}`);
  }
}

/** What a screen reader would have found on the page when the test failed. */
function pagesOf(result: TestResult): string[] {
  return result.attachments
    .filter(({ name }) => name === "error-context")
    .flatMap(({ path }) => (path && existsSync(path) ? [readFileSync(path, "utf8").slice(0, 3000)] : []));
}
