import { LogInPage, logOut } from "../pages/log_in";
import { expect, test } from "../support/fixtures";
import { addMember } from "../support/member";

test("a member without the permission is told so, and sees no key and no button", async ({
  page,
  server,
  admin,
  credentials,
}) => {
  const member = await addMember(server, admin);
  await logOut(page);
  await new LogInPage(page).logInAs(member);

  await expect(credentials.heading).toBeVisible();
  await expect(page.getByText('You need the "API credentials management" permission')).toBeVisible();
  await expect(page.getByRole("main")).toContainText(admin.name);
  await expect(page.getByRole("button", { name: /View|Copy|Reset/ })).toHaveCount(0);
  expect(await page.content()).not.toMatch(/clv_|••••/);
  expect(await (await page.request.get("/credentials")).text()).not.toMatch(/clv_|••••/);
});

test("the server refuses what the page does not offer, also with the right password", async ({
  page,
  server,
  admin,
}) => {
  const member = await addMember(server, admin);
  await logOut(page);
  await new LogInPage(page).logInAs(member);

  const calls = {
    view_credential: { kind: "api_key" },
    copy_credential: { kind: "bundle_key" },
    reset_credential: { kind: "api_key", generation: "1" },
    reset_both_credentials: { api_key_generation: "1", bundle_key_generation: "1" },
  };
  for (const [name, args] of Object.entries(calls)) {
    const answer = await page.evaluate(
      async ({ name, args, password }) => {
        const csrf = document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
        const body = new URLSearchParams({ csrf, password, ...args });
        const answer = await fetch(`/api/${name}`, { method: "POST", body });
        return { status: answer.status, text: await answer.text() };
      },
      { name, args, password: member.password },
    );
    expect(answer.status, name).toBe(403);
    expect(answer.text, name).not.toMatch(/clv_/);
  }

  await logOut(page);
  await new LogInPage(page).logInAs(admin);
  await expect(page.getByRole("button", { name: "View API key" })).toBeEnabled();
});
