import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { release } from "./paths";
import type { Person } from "./person";
import type { Server } from "./server";

/** Runs a command of the operator beside a server, and answers what it said. */
export async function runClaviger(server: Server, command: string[]): Promise<string> {
  const env = { CLAVIGER_DATA_DIR: server.dataFolder };
  const { stdout } = await promisify(execFile)(release, command, { env });
  return stdout;
}

/** What the operator calls an organisation. */
export function shortName(person: Person): string {
  return person.organisation.toLowerCase().replaceAll(" ", "-");
}
