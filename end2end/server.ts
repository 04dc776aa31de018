// Starts the real server for a test, on a free port and an empty data directory, and can kill it as a power cut would.
import { test as base, expect, type Page } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = resolve(import.meta.dirname, "..");
const binary = process.env.VEDETTA_BIN ?? join(root, process.env.CARGO_TARGET_DIR ?? "target", "debug/vedetta");
const site = process.env.SITE ?? join(root, "target/site");
const startWithin = 30_000; // ms

export type Options = {
  /** A city's configuration; without one, the demo city. */
  config?: string;
  /** A data directory that the test keeps; without one, a temporary one that goes with the server. */
  data?: string;
  args?: string[];
  env?: Record<string, string>;
};

export class Server {
  /** `http://127.0.0.1:PORT`, the same after `restart`. */
  url = "";
  readonly data: string;
  /** What the server wrote to stderr so far: for a test that looks at the log, and for a failed start. */
  log = "";
  #child?: ChildProcess;
  readonly #options: Options;

  constructor(options: Options = {}) {
    this.#options = options;
    this.data = options.data ?? mkdtempSync(join(tmpdir(), "vedetta-"));
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<this> {
    if (!existsSync(binary)) throw new Error(`there is no server at ${binary}: cargo build -p server, or name one in VEDETTA_BIN`);
    const { config, args = [], env = {} } = this.#options;
    const listen = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const child = spawn(
      binary,
      ["serve", "--listen", listen, "--data", this.data, "--site", site, ...(config ? ["--config", config] : []), ...args],
      { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#child = child;
    process.once("exit", this.#last);
    child.stderr!.on("data", (chunk) => (this.log = (this.log + chunk).slice(-100_000)));
    this.url = await new Promise<string>((found, failed) => {
      const give_up = (why: string) => failed(new Error(`the server ${why}; its last words:\n${this.log.split("\n").slice(-15).join("\n")}`));
      const timer = setTimeout(() => give_up(`named no address within ${startWithin / 1000} s`), startWithin);
      child.once("error", (error) => give_up(`did not start: ${error.message}`));
      child.once("exit", (code, signal) => {
        clearTimeout(timer);
        give_up(`ended before it named its address (${signal ?? `exit status ${code}`})`);
      });
      // Read to the end, so that a full pipe never stops the server.
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const address = /https?:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (!address) return;
        clearTimeout(timer);
        found(address[0]);
      });
    }).catch(async (error) => {
      await this.stop();
      throw error;
    });
    return this;
  }

  /** As a power cut would: no goodbye, nothing flushed. */
  async kill9(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Again on the same port and the same data. */
  async restart(): Promise<this> {
    await this.#end("SIGKILL");
    return this.start();
  }

  /** Asks it to end, waits, insists; then removes the data directory if it was a temporary one. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    if (!this.#options.data) rmSync(this.data, { recursive: true, force: true });
  }

  readonly #last = () => this.#child?.kill("SIGKILL");

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    process.off("exit", this.#last);
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    const insist = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await gone;
    clearTimeout(insist);
  }
}

/** What the page complained about: uncaught errors and console errors. A test that expects none says so at its end. */
export function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on("pageerror", (error) => heard.push(error.message));
  page.on("console", (message) => message.type() === "error" && heard.push(message.text()));
  return heard;
}

/** A screenshot to look at, never to compare: end2end/screenshots/NAME.png, not kept in git. */
export const shot = (page: Page, name: string) => page.screenshot({ path: join(import.meta.dirname, "screenshots", `${name}.png`) });

/**
 * `city`: the demo city, started once for all tests that only look; `startServer`: one of the test's own, to kill or to configure,
 * stopped with the test. `page.goto("/")` goes to `city`.
 */
export const test = base.extend<{ startServer: (options?: Options) => Promise<Server> }, { city: Server }>({
  city: [
    async ({}, use) => {
      const server = await new Server().start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ city }, use) => use(city.url),
  startServer: async ({}, use) => {
    const started: Server[] = [];
    await use(async (options) => {
      const server = new Server(options);
      started.push(server);
      return server.start();
    });
    for (const server of started) await server.stop();
  },
});
export { expect };
