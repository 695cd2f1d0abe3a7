import { randomBytes } from "node:crypto";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { filesBelow, type Place } from "./search";

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: scripts/test.sh starts PostgreSQL and sets it`);
  return value;
}

/** Runs SQL in the PostgreSQL that scripts/test.sh started. */
async function run(sql: string): Promise<void> {
  const psql = path.join(setting("CLAVIGER_TEST_POSTGRES_BIN"), "psql");
  await promisify(execFile)(psql, ["-q", "-c", sql, setting("CLAVIGER_TEST_POSTGRES_URL")]);
}

/** A database of its own, by its address. */
export async function makeDatabase(): Promise<string> {
  const name = `claviger_${randomBytes(6).toString("hex")}`;
  await run(`CREATE DATABASE ${name}`);
  const address = new URL(setting("CLAVIGER_TEST_POSTGRES_URL"));
  address.pathname = name;
  return address.href;
}

/** All that PostgreSQL holds: its files with the write-ahead log, and its own log with every statement. */
export async function everythingInPostgres(): Promise<Place[]> {
  await run("CHECKPOINT");
  const log = { name: "PostgreSQL's log", content: await readFile(setting("CLAVIGER_TEST_POSTGRES_LOG")) };
  return [log, ...(await filesBelow(setting("CLAVIGER_TEST_POSTGRES_DATA")))];
}
