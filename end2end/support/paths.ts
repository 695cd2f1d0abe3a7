import { homedir } from "node:os";
import path from "node:path";

/** The checkout. */
export const root = path.resolve(import.meta.dirname, "../..");

/** What `make build` left. */
export const release = path.join(root, "dist/claviger");

/** Where cargo builds, as in scripts/environment.sh. */
export const target =
  process.env.CARGO_TARGET_DIR ??
  path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "claviger/target");
