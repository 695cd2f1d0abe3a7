import { expect, type BrowserContext } from "@playwright/test";

/** A page with nothing but a field to paste into: the pages of Claviger themselves may not read the clipboard. */
async function withField<T>(context: BrowserContext, act: (type: Keys) => Promise<T>): Promise<T> {
  const page = await context.newPage();
  await page.setContent("<textarea></textarea>");
  const field = page.getByRole("textbox");
  await field.focus();
  const answer = await act({
    press: (key) => page.keyboard.press(key),
    fill: (text) => field.fill(text),
    value: () => field.inputValue(),
  });
  await page.close();
  return answer;
}

interface Keys {
  press: (key: string) => Promise<void>;
  fill: (text: string) => Promise<void>;
  value: () => Promise<string>;
}

/** What somebody would paste now. */
export async function pasted(context: BrowserContext): Promise<string> {
  return withField(context, async ({ press, value }) => {
    await press("Control+V");
    await expect.poll(value).not.toBe("");
    return value();
  });
}

/** Copies a text as somebody does in another window. */
export async function copyElsewhere(context: BrowserContext, text: string): Promise<void> {
  await withField(context, async ({ press, fill }) => {
    await fill(text);
    await press("Control+A");
    await press("Control+C");
  });
}
