import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { target } from "./paths";
import { somebody, type Person } from "./person";
import type { Server } from "./server";

const addMemberProgram = path.join(target, "debug/examples/add_member");

/** A colleague of an admin, without any permission. The pages cannot make one yet, so an example of the server does. */
export async function addMember(server: Server, admin: Person): Promise<Person> {
  const member = { ...somebody(), organisation: admin.organisation, name: "Grace Member" };
  await promisify(execFile)(addMemberProgram, [
    ...["--data-dir", server.dataFolder],
    ...["--account-of", admin.email],
    ...["--name", member.name],
    ...["--email", member.email],
    ...["--password", member.password],
  ]);
  return member;
}
