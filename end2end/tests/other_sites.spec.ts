import { expect, test } from "../support/fixtures";
import { otherSite } from "../support/other_site";

test("a form on another site cannot reset a key, even with the right password", async ({
  page,
  context,
  server,
  admin,
  credentials,
  faults,
}) => {
  faults.allow(/status of 403/);
  const before = await credentials.view("API key", admin.password);
  const csrf = await page.locator("input[name=csrf]").first().inputValue();
  const fields = { csrf, kind: "api_key", generation: "1", password: admin.password };
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  const site = await otherSite(
    `<form method="post" action="${server.url}/api/reset_credential">${inputs.join("")}<button>Win</button></form>`,
  );
  const other = await context.newPage();
  await other.goto(site.url);
  const answer = other.waitForResponse(/\/api\/reset_credential/);
  await other.getByRole("button", { name: "Win" }).click();
  expect((await answer).status()).toBe(403);
  site.close();

  await credentials.section("API key").hide.click();
  expect(await credentials.view("API key", admin.password)).toBe(before);
});

test("another site cannot show a page in a frame of its own", async ({ page, server, faults }) => {
  faults.allow(/frame-ancestors/);
  const site = await otherSite(`<iframe src="${server.url}/login" title="framed"></iframe>`);
  await page.goto(site.url);
  await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
  site.close();
});

test("another site cannot read a page or an answer", async ({ page, server, admin: _, faults }) => {
  faults.allow(/CORS policy|net::ERR_FAILED|NotSameOrigin/);
  const site = await otherSite("<p>Elsewhere</p>");
  await page.goto(site.url);
  for (const path of ["/credentials", "/api/credentials", "/healthz"]) {
    const canRead = await page.evaluate(async (url) => {
      const answer = await fetch(url, { credentials: "include" }).catch(() => undefined);
      return answer !== undefined;
    }, server.url + path);
    expect(canRead, path).toBe(false);
  }
  site.close();
});
