import path from "node:path";

/** The checkout. */
export const root = path.resolve(import.meta.dirname, "../..");

/** What `make build` left. */
export const release = path.join(root, "dist/claviger");
