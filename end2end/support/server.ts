import { expect } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { release } from "./paths";

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}

/** A release server of its own, with its own data, on its own port, that logs all it can. */
export class Server {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const folder = await mkdtemp(path.join(tmpdir(), "claviger-"));
    const server = new Server(folder, await freePort(), settings);
    await server.startAgain();
    return server;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get dataFolder(): string {
    return path.join(this.folder, "data");
  }

  async log(): Promise<string> {
    return readFile(this.logFile, "utf8");
  }

  /** On the same port with the same data. */
  async startAgain(): Promise<void> {
    const log = await open(this.logFile, "a");
    this.process = spawn(release, ["serve"], {
      cwd: this.folder,
      env: {
        LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`,
        CLAVIGER_DATA_DIR: this.dataFolder,
        // Each test comes from an address of its own, as people do.
        CLAVIGER_TRUSTED_PROXIES: "127.0.0.1",
        RUST_LOG: "trace",
        ...this.settings,
      },
      stdio: ["ignore", log.fd, log.fd],
    });
    await log.close();
    await this.isServing();
  }

  /** As an operator stops it. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** As a power cut stops it. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get logFile(): string {
    return path.join(this.folder, "log");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const process = this.process;
    this.process = undefined;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const exit = once(process, "exit");
    process.kill(signal);
    await exit;
  }

  private async isServing(): Promise<void> {
    let ended: string | undefined;
    this.process?.once("exit", (code, signal) => (ended = `the server ended with ${code ?? signal}`));
    this.process?.once("error", (error) => (ended = error.message));
    await expect
      .poll(
        async () => {
          if (ended) return ended;
          const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined);
          return answer?.status;
        },
        { intervals: [20], timeout: 15_000, message: `the server answers; its log is ${this.logFile}` },
      )
      .toBe(200);
  }
}
