import { expect, test } from "../support/fixtures";

const elsewhere = "http://evil.example/";

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
  const other = await context.newPage();
  await other.route(elsewhere, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${server.url}/api/reset_credential">${inputs.join("")}<button>Win</button></form>`,
    }),
  );
  await other.goto(elsewhere);
  const answer = other.waitForResponse(/\/api\/reset_credential/);
  await other.getByRole("button", { name: "Win" }).click();
  expect((await answer).status()).toBe(403);

  await credentials.section("API key").hide.click();
  expect(await credentials.view("API key", admin.password)).toBe(before);
});

test("another site cannot show a page in a frame of its own", async ({ page, server, faults }) => {
  faults.allow(/frame-ancestors|chrome-error|refused to connect|X-Frame/i);
  await page.route(elsewhere, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<iframe src="${server.url}/login" title="framed"></iframe>`,
    }),
  );
  const framed = page.waitForResponse(/\/login$/);
  await page.goto(elsewhere);
  await framed;
  await expect(page.frameLocator("iframe").getByRole("button", { name: "Log in" })).toHaveCount(0);
});

test("another site cannot read a page or an answer", async ({ page, server, admin: _, faults }) => {
  faults.allow(/CORS policy|net::ERR_FAILED|NotSameOrigin/);
  await page.route(elsewhere, (route) =>
    route.fulfill({ contentType: "text/html", body: "<p>Elsewhere</p>" }),
  );
  await page.goto(elsewhere);
  for (const path of ["/credentials", "/api/credentials", "/healthz"]) {
    const read = await page.evaluate(
      (url) =>
        fetch(url, { credentials: "include" }).then(
          () => true,
          () => false,
        ),
      server.url + path,
    );
    expect(read, path).toBe(false);
  }
});
