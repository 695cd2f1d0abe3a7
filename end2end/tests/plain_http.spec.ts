import { LogInPage } from "../pages/log_in";
import { SignUpPage } from "../pages/sign_up";
import { plainHost } from "../support/chromium";
import { expect, test as base } from "../support/fixtures";
import { somebody } from "../support/person";

// Over plain HTTP from another machine the browser drops the session's cookie. `plainHost` is this machine under a
// name that the browser does not take for it.
const test = base.extend({
  baseURL: async ({ server }, use) => use(server.url.replace("localhost", plainHost)),
});

// The browser itself remarks on such a connection.
test.beforeEach(async ({ faults }) => faults.allow(/Cross-Origin-Opener-Policy header has been ignored/));

const explanation = /opened over plain HTTP/;

test("the log-in says beforehand that the session would not last", async ({ page }) => {
  await new LogInPage(page).open();
  await expect(page.getByRole("alert").filter({ hasText: explanation })).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a sign-up is refused with the reason, and does not lead round in circles", async ({ page }) => {
      const signUp = new SignUpPage(page);
      await signUp.open();
      await signUp.fill(somebody());
      await signUp.createAccount.click();
      await expect(page.getByRole("alert").filter({ hasText: explanation }).first()).toBeVisible();
      expect(await page.context().cookies()).toEqual([]);
    });
  });
}
