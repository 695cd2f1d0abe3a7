import type { APIResponse } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { LogInPage } from "../pages/log_in";

function expectGuarded(answer: APIResponse): void {
  expect(answer.headers(), answer.url()).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": expect.stringContaining("clipboard-write=(self)"),
    "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
  });
}

function expectNotStored(answer: APIResponse): void {
  expect(answer.headers()["cache-control"], answer.url()).toBe("no-store");
}

const nonceOf = (answer: APIResponse) =>
  /'nonce-([^']+)'/.exec(answer.headers()["content-security-policy"] ?? "")?.[1];

test("pages, redirects, refusals and files that are not there are guarded and not stored", async ({
  request,
  server,
}) => {
  const origin = { Origin: server.url };
  const answers: [APIResponse, number][] = [
    [await request.get("/login"), 200],
    [await request.get("/signup"), 200],
    [await request.get("/credentials", { maxRedirects: 0 }), 302],
    [await request.get("/no-such-page"), 404],
    [await request.get("/pkg/no-such-file.js"), 404],
    [await request.post("/api/view_credential", { headers: origin }), 400],
    [await request.post("/api/sign_in", { headers: { Origin: "https://evil.example" } }), 403],
    [await request.post("/api/no_such_function", { headers: origin }), 404],
    [await request.get("/healthz"), 200],
  ];
  for (const [answer, status] of answers) {
    expect(answer.status(), answer.url()).toBe(status);
    expectGuarded(answer);
    expectNotStored(answer);
  }
});

test("a page runs only scripts that carry its nonce, which is new each time", async ({ request }) => {
  const nonces = new Set<string | undefined>();
  for (let times = 0; times < 3; times++) {
    const answer = await request.get("/login");
    const nonce = nonceOf(answer);
    nonces.add(nonce);
    expect(nonce).toBeTruthy();
    expect(answer.headers()["content-security-policy"]).toBe(
      `default-src 'self'; script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'; style-src 'self'; ` +
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    );
    const html = await answer.text();
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    expect(html).not.toMatch(/ style="| on[a-z]+="/);
  }
  expect(nonces.size).toBe(3);
});

test("hashed files are compressed and kept by browsers for good", async ({ page, request }) => {
  const files: string[] = [];
  page.on("request", (asked) => {
    if (asked.url().includes("/pkg/")) files.push(asked.url());
  });
  await page.goto("/login");
  await expect(new LogInPage(page).heading).toBeVisible();
  await expect.poll(() => files.filter((file) => file.endsWith(".wasm")).length).toBeGreaterThan(0);

  for (const ending of [".wasm", ".js", ".css"]) {
    const file = files.find((file) => file.endsWith(ending));
    expect(file, ending).toBeTruthy();
    const answer = await request.get(file ?? "", { headers: { "Accept-Encoding": "br" } });
    expectGuarded(answer);
    expect(answer.headers()["cache-control"]).toMatch(/max-age=31536000.*immutable/);
    expect(answer.headers()["content-encoding"]).toBe("br");
    expect(answer.headers()["vary"]).toMatch(/accept-encoding/i);
  }
});

test("a file whose name has no hash is asked for again", async ({ request }) => {
  const answer = await request.get("/favicon.svg");
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toBe("image/svg+xml");
  expectGuarded(answer);
  expect(answer.headers()["cache-control"]).not.toMatch(/immutable/);
});

test("an injected script does not run", async ({ page, faults }) => {
  faults.allow(/Content Security Policy/);
  await page.goto("/login");
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    const image = document.createElement("div");
    image.innerHTML = '<img src="data:," onerror="window.ran = true">';
    document.body.append(image);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return "ran" in window;
  });
  expect(ran).toBe(false);
});
