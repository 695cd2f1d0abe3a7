import { randomBytes } from "node:crypto";

/** Somebody who signs an organisation up. */
export interface Person {
  organisation: string;
  name: string;
  email: string;
  password: string;
}

/** Nobody that any other test knows. */
export function somebody(): Person {
  const id = randomBytes(5).toString("hex");
  return {
    organisation: `Lighthouse ${id}`,
    name: `Ada ${id}`,
    email: `ada.${id}@example.org`,
    password: randomBytes(15).toString("hex"),
  };
}

/** An address that no other test comes from. */
export function address(): string {
  const [second, third, fourth] = randomBytes(3);
  return `10.${second}.${third}.${fourth}`;
}
