// A small town for tests: its sources are this test's own, so a test decides what they say and when they fall silent.
import { createServer, type Server as Http } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

/** What answers the server's feeds: a document a path; nothing at all while it is silent. */
export class Sources {
  documents: Record<string, { type: string; body: string }> = {};
  silent = false;
  /** When it last answered, ms. */
  answered = 0;
  #http?: Http;

  async start(): Promise<this> {
    this.#http = createServer((request, response) => {
      const found = this.documents[request.url ?? ""];
      if (this.silent) return void request.socket.destroy();
      if (!found) return void response.writeHead(404).end();
      this.answered = Date.now();
      response.writeHead(200, { "content-type": found.type }).end(found.body);
    });
    await new Promise<void>((ready) => this.#http!.listen(0, "127.0.0.1", ready));
    return this;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#http!.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    this.#http?.closeAllConnections();
    await new Promise((gone) => (this.#http ? this.#http.close(gone) : gone(undefined)));
  }
}

export const CAP = "/warnings.xml";
export const WZDX = "/works.json";

/** Text as XML holds it. */
const xml = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const stamp = (ms: number) => new Date(ms).toISOString().replace(/\.\d+/, "");
const hour = 3_600_000;

export type Warning = {
  id?: string;
  headline?: string;
  event?: string;
  description?: string;
  instruction?: string;
  area?: string;
  web?: string;
  sender?: string;
  parameter?: string;
  severity?: string;
};

/** One public warning (CAP 1.2), in force since an hour, over the old town. */
export function cap(w: Warning = {}) {
  const at = (ms: number) => stamp(ms).replace("Z", "-00:00");
  const now = Date.now();
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>${xml(w.id ?? "prova-1")}</identifier><sender>sala@prova.example</sender><sent>${at(now - hour)}</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info>
    <language>en</language><category>Met</category><event>${xml(w.event ?? "Strong wind")}</event>
    <urgency>Immediate</urgency><severity>${w.severity ?? "Severe"}</severity><certainty>Observed</certainty>
    <expires>${at(now + 6 * hour)}</expires><senderName>${xml(w.sender ?? "Sala operativa")}</senderName>
    <headline>${xml(w.headline ?? "Gale over the old town")}</headline>
    <description>${xml(w.description ?? "Gusts of 90 km/h.")}</description>
    <instruction>${xml(w.instruction ?? "Stay inside.")}</instruction>
    <web>${xml(w.web ?? "https://prova.example/gale")}</web>
    <parameter><valueName>note</valueName><value>${xml(w.parameter ?? "none")}</value></parameter>
    <area><areaDesc>${xml(w.area ?? "Old town")}</areaDesc><polygon>43.765,11.245 43.765,11.265 43.778,11.265 43.778,11.245 43.765,11.245</polygon></area>
  </info>
</alert>`;
  return { type: "application/cap+xml", body };
}

export type Work = { id?: string; road?: string; description?: string; impact?: string; name?: string };

/** Road works (WZDx 4.2), going on since an hour. */
export function wzdx(...works: Work[]) {
  const now = Date.now();
  const features = works.map((w, i) => ({
    id: w.id ?? `works-${i + 1}`,
    type: "Feature",
    properties: {
      core_details: {
        event_type: "work-zone", data_source_id: "strade", name: w.name, road_names: [w.road ?? "Via di Prova"], direction: "northbound",
        description: w.description ?? "New tarmac", update_date: stamp(now),
      },
      start_date: stamp(now - hour), end_date: stamp(now + 6 * hour), is_start_date_verified: true, is_end_date_verified: false,
      is_start_position_verified: true, is_end_position_verified: true, location_method: "channel-device-method",
      vehicle_impact: w.impact ?? "some-lanes-closed",
    },
    geometry: { type: "LineString", coordinates: [[11.25 + i / 100, 43.77], [11.252 + i / 100, 43.772]] },
  }));
  const feed_info = {
    publisher: "Prova", version: "4.2", update_date: stamp(now), license: "https://creativecommons.org/publicdomain/zero/1.0/",
    data_sources: [{ data_source_id: "strade", organization_name: "Strade" }],
  };
  return { type: "application/json", body: JSON.stringify({ feed_info, type: "FeatureCollection", features }) };
}

/** One bus that was there just now, as GTFS-Realtime writes it (protobuf by hand: field numbers of gtfs-realtime.proto). */
export function bus(label: string, lat = 43.77, lon = 11.25): Buffer {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...varint(Math.floor(n / 128))]);
  const number = (field: number, n: number) => Buffer.from([field << 3, ...varint(n)]);
  const bytes = (field: number, b: Buffer) => Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(b.length)]), b]);
  const text = (field: number, t: string) => bytes(field, Buffer.from(t));
  const float = (field: number, f: number) => {
    const b = Buffer.alloc(5);
    b[0] = (field << 3) | 5;
    b.writeFloatLE(f, 1);
    return b;
  };
  const now = Math.floor(Date.now() / 1000);
  const header = bytes(1, Buffer.concat([text(1, "2.0"), number(2, 0), number(3, now)]));
  const vehicle = Buffer.concat([bytes(2, Buffer.concat([float(1, lat), float(2, lon)])), number(5, now), bytes(8, Buffer.concat([text(1, "bus-1"), text(2, label)]))]);
  return Buffer.concat([header, bytes(2, Buffer.concat([text(1, "e1"), bytes(4, vehicle)]))]);
}

/** The town: its sources, and the configuration a server starts from. `every` is what both polled feeds promise, in seconds. */
export class Town {
  readonly sources = new Sources();
  readonly #folder = mkdtempSync(join(tmpdir(), "town-"));
  constructor(readonly every = 4) {}

  async start(): Promise<this> {
    await this.sources.start();
    this.sources.documents = { [CAP]: cap(), [WZDX]: wzdx({}) };
    return this;
  }
  /** Written anew at each look, with the sources' address. */
  get config(): string {
    const file = join(this.#folder, "town.toml");
    const feed = (id: string, title: string, format: string, source: string) =>
      `[[feed]]\nid = "${id}"\ntitle = "${title}"\ndepartment = "Prova"\nformat = "${format}"\nsource = ${source}\nevery = "${this.every}s"\nlicence = "CC0 1.0"\n\n`;
    writeFileSync(
      file,
      `[city]\nname = "Prova"\nbbox = [11.20, 43.745, 11.31, 43.81]\ntimezone = "Europe/Rome"\nlanguages = ["en"]\n\n` +
        feed("warnings", "Public warnings", "cap", `{ http = "${this.sources.url}${CAP}" }`) +
        feed("works", "Road works", "wzdx", `{ http = "${this.sources.url}${WZDX}" }`) +
        feed("buses", "Buses", "gtfs-rt", "{ push = {} }"),
    );
    return file;
  }
  async stop(): Promise<void> {
    await this.sources.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Opens an address and waits until the page lives: until its code runs and its link does. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByTestId("link")).toHaveAttribute("data-state", "live", { timeout: 20_000 });
}

/** Tells the page who sits there. */
export async function introduce(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^You act as/ }).click();
  await page.getByLabel("Your name, as it stands in the log").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: `You act as ${name}. Change the name` })).toBeVisible();
}
