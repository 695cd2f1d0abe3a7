import { request, type APIRequestContext } from "@playwright/test";
import { address, somebody, type Person } from "./person";
import type { Server } from "./server";

/** Calls a server function as a page would. */
async function call<T>(
  caller: APIRequestContext,
  name: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await caller.post(`/api/${name}`, { form, headers });
  if (!answer.ok()) throw new Error(`${name}: ${answer.status()} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function callerOf(server: Server): Promise<APIRequestContext> {
  const extraHTTPHeaders = {
    Accept: "application/json",
    Origin: server.url,
    "X-Forwarded-For": address(),
  };
  return request.newContext({ baseURL: server.url, extraHTTPHeaders });
}

/** Signs an organisation up by the request that the form sends. Its cookies are those of the caller. */
export async function signUp(caller: APIRequestContext, origin: string, person: Person): Promise<void> {
  await call(caller, "sign_up", { ...person }, { Accept: "application/json", Origin: origin });
}

/** An invitation to an admin's organisation: the link. */
export async function invite(server: Server, admin: Person, email: string, name: string): Promise<string> {
  const caller = await callerOf(server);
  await call(caller, "sign_in", { email: admin.email, password: admin.password, next: "" });
  const { csrf } = await call<{ csrf: string }>(caller, "viewer", {});
  const { link } = await call<{ link: string }>(caller, "invite_member", { csrf, name, email });
  await caller.dispose();
  return link;
}

/** A colleague of an admin, without any permission. */
export async function addMember(server: Server, admin: Person): Promise<Person> {
  const member = { ...somebody(), organisation: admin.organisation, name: "Grace Member" };
  const link = await invite(server, admin, member.email, member.name);
  const token = link.split("/").pop() ?? "";
  const caller = await callerOf(server);
  await call(caller, "join", { token, password: member.password });
  await caller.dispose();
  return member;
}
