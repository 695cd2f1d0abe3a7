import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

/** axe finds nothing on the page as it is now. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
  });
  expect(violations, state).toEqual([]);
}

/** Nothing reaches beyond the right edge. */
export async function expectNoSideways(page: Page, state: string): Promise<void> {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  expect(content, state).toBeLessThanOrEqual(window);
}
