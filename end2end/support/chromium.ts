// The real browser of the machine, kept from calling home. It refuses its sandbox to root.
const isRoot = process.getuid?.() === 0;

/** This machine under a name that the browser does not take for this machine. */
export const plainHost = "claviger.example";

export const chromium = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    ...(isRoot ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`,
  ],
};
