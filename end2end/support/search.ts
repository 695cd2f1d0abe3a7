import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A place that was looked into. */
export interface Place {
  name: string;
  content: Buffer;
}

export function text(name: string, content: string): Place {
  return { name, content: Buffer.from(content) };
}

/** Every file below a folder, byte for byte: databases, their logs, whatever is there. */
export async function filesBelow(folder: string): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({ name: path.relative(folder, file), content: await readFile(file) })),
  );
}

/** As it is, and as it would stand in an address, in Base64 and in hexadecimal digits. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64url").slice(0, -2);
  return [
    secret,
    encodeURIComponent(secret),
    base64,
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
  ];
}

/** The places that hold one of the texts, with the name that the text goes by. */
export function findIn(places: Place[], texts: Map<string, string>): string[] {
  const found = [];
  for (const [secret, name] of texts) {
    for (const place of places) {
      if (forms(secret).some((form) => place.content.includes(form))) found.push(`${name} in ${place.name}`);
    }
  }
  return found;
}
