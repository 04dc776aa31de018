// The only code that talks to MapLibre. It loads the library when a page first shows a map, hands it what Rust made, and reports
// back what people touched. Every call into the library is guarded: a map that fails says so and leaves the rest of the page alone.
import { basemap, colors } from "/basemap-style.js";
import { SOURCES, overlay, picture } from "/map-marks.js";

const EMPTY = { type: "FeatureCollection", features: [] };
let library;

/** MapLibre with the PMTiles protocol, loaded once a page. */
function load() {
  library ??= Promise.all([import("/vendor/maplibre-gl.mjs"), import("/vendor/pmtiles.mjs")]).then(([maplibre, pmtiles]) => {
    maplibre.addProtocol("pmtiles", new pmtiles.Protocol().tile);
    return maplibre;
  });
  library.catch(() => (library = undefined)); // so that a later page may try again
  return library;
}

/** Whether this browser can draw at all; asked first, because the library only fails later and less clearly. */
function canDraw() {
  const gl = document.createElement("canvas").getContext("webgl2");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return gl !== null;
}

/**
 * Draws a map into `element`. `options`: `{ bounds: [w, s, e, n], basemap: url or null, attribution, lines: n or 0, still, hidden: [layer] }`, where
 * `lines` is the height in CSS pixels the design is drawn for: text and symbols grow with a larger screen.
 * `tell(what, detail)` hears `ready`, `failed`, `picked`. Returns the calls Rust may make.
 */
function create(element, options, tell) {
  options = JSON.parse(options);
  const data = Object.fromEntries(SOURCES.map((id) => [id, EMPTY]));
  const hidden = new Set(options.hidden);
  let map = null;
  let gone = false;
  let flight = null; // a flight asked for before the map was there
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const guard = (what, f) => {
    try {
      return f();
    } catch (error) {
      console.error(`map: ${what}`, error);
      return undefined;
    }
  };
  const scale = () => (options.lines ? Math.max(1, innerHeight / options.lines) : 1);
  const style = () => {
    const c = colors(element);
    const layers = overlay(c, scale()).map((l) => ({ ...l, layout: { ...l.layout, visibility: hidden.has(l.metadata) ? "none" : "visible" } }));
    const base = basemap(options.basemap && new URL(options.basemap, location.href).href, c, scale());
    const sources = Object.fromEntries(SOURCES.map((id) => [id, { type: "geojson", data: data[id] }]));
    return { ...base, transition: { duration: 0, delay: 0 }, sources: { ...base.sources, ...sources }, layers: [...base.layers, ...layers] };
  };
  const restyle = () => guard("style", () => map?.setStyle(style(), { diff: false }));
  const view = () => {
    const { clientWidth: w, clientHeight: h } = element;
    return { padding: Math.round(Math.min(w, h) * 0.04), maxZoom: 15 };
  };
  const box = ([w, s, e, n]) => [[w, s], [e, n]];

  /** What lies under a finger or a pointer, nearest layer first: its kind and key. */
  const under = (point) => {
    const r = 7 * scale();
    const layers = overlay(colors(element), 1).filter((l) => l.touch).map((l) => l.id).filter((id) => map.getLayer(id));
    const found = map.queryRenderedFeatures([[point.x - r, point.y - r], [point.x + r, point.y + r]], { layers });
    return found.find((f) => f.properties.key)?.properties;
  };

  const start = async () => {
    if (!canDraw()) return tell("failed", "This browser cannot draw maps (no WebGL).");
    const maplibre = await load();
    if (gone) return;
    map = new maplibre.Map({
      container: element, style: style(), bounds: box(options.bounds), fitBoundsOptions: view(), interactive: !options.still, fadeDuration: 0,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, minZoom: 8, maxZoom: 18,
    });
    map.setMissingStyleImageResolver(async (id) => {
      const drawn = picture(id, colors(element), scale());
      if (drawn && !map.hasImage(id)) map.addImage(id, drawn.image, { pixelRatio: drawn.ratio });
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard?.disableRotation?.();
    if (!options.still) map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-left");
    // What was set between asking for the style and having it would be lost: everything is set again, and hidden again.
    map.on("style.load", () => {
      for (const id of SOURCES) guard(id, () => map.getSource(id)?.setData(data[id]));
      for (const layer of hidden) calls.show(layer, false);
    });
    map.on("error", (e) => console.warn("map:", e.error?.message ?? e));
    map.on("webglcontextlost", () => tell("failed", "The graphics card gave up drawing; the map comes back by itself when it recovers."));
    map.on("webglcontextrestored", () => tell("ready", ""));
    map.once("idle", () => {
      if (flight) calls.fly(flight);
      tell("ready", "");
    });
    if (!options.still) {
      map.on("click", (e) => {
        const hit = guard("pick", () => under(e.point));
        tell("picked", hit ? `${hit.kind} ${hit.key}` : "");
      });
      map.on("mousemove", (e) => guard("hover", () => (map.getCanvas().style.cursor = under(e.point) ? "pointer" : "")));
    }
  };

  const calls = {
    /** Replaces what a source shows; `json` is GeoJSON. */
    set: (id, json) =>
      guard(id, () => {
        data[id] = JSON.parse(json);
        map?.getSource(id)?.setData(data[id]);
      }),
    restyle,
    show: (layer, on) =>
      guard(layer, () => {
        on ? hidden.delete(layer) : hidden.add(layer);
        for (const l of map?.getStyle()?.layers ?? []) if (l.metadata === layer) map.setLayoutProperty(l.id, "visibility", on ? "visible" : "none");
      }),
    /** Flies to a box `[w, s, e, n]` or a spot `[lon, lat]`. */
    fly: (json) =>
      guard("fly", () => {
        flight = json;
        if (!map) return;
        const to = JSON.parse(json);
        const how = { duration: reduced ? 0 : 700, ...view() };
        if (to.length === 4) map.fitBounds(box(to), how);
        else map.easeTo({ center: to, zoom: Math.max(map.getZoom(), 14.5), duration: how.duration });
      }),
    remove: () => {
      gone = true;
      removeEventListener("resize", resized);
      guard("remove", () => map?.remove());
    },
  };
  let last = scale();
  const resized = () => {
    if (scale() === last) return;
    last = scale();
    restyle();
  };
  addEventListener("resize", resized);
  start().catch((error) => {
    console.error("map:", error);
    tell("failed", "The map could not be loaded.");
  });
  return calls;
}

window.vedettaMap = { create };
