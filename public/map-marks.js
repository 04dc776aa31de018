// What stands on the ground: one group of MapLibre layers for each layer of the table in app/src/map/layers.rs (`metadata` names it), and
// the symbols, drawn on a canvas when the map first asks for them, so that they have the page's colours and the screen's size.

/** The sources Rust fills. */
export const SOURCES = ["districts", "routes", "alerts", "roads", "events", "sites", "hospitals", "movers", "alarms", "selection"];

const SEVERITIES = ["extreme", "severe", "moderate", "minor", "unknown"];

/** The layers, lowest first. `touch` marks those that can be selected. */
export function overlay(c, scale) {
  const bySeverity = ["match", ["get", "severity"], ...SEVERITIES.flatMap((s) => [s, c[s]]), c["ink-2"]];
  const drill = ["==", ["get", "drill"], true];
  const real = ["!=", ["get", "drill"], true];
  const area = ["==", ["geometry-type"], "Polygon"];
  const path = ["==", ["geometry-type"], "LineString"];
  const spot = ["==", ["geometry-type"], "Point"];
  const of = (group, suffix, type, more) => ({ id: `${group}-${suffix}`, type, source: group, metadata: group, ...more });
  const text = (field, more = {}) => ({
    "text-field": field, "text-font": ["Inter"], "text-size": 12 * scale, "text-anchor": "left", "text-offset": [1.1, 0], "text-max-width": 14, "text-optional": true, ...more,
  });
  const inked = { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 1.6 * scale };
  const far = { "icon-allow-overlap": true, "icon-ignore-placement": true };
  const round = { "line-cap": "round", "line-join": "round" };
  const fading = ["match", ["get", "freshness"], "fresh", 0.95, "stale", 0.6, 0.35];
  return [
    of("districts", "edge", "line", { paint: { "line-color": c["line-strong"], "line-width": 1.2 * scale, "line-dasharray": [4, 2, 1, 2] } }),
    of("districts", "name", "symbol", { maxzoom: 13, layout: text(["get", "name"], { "text-anchor": "center", "text-offset": [0, 0], "text-size": 11 * scale }), paint: { ...inked, "text-color": c["ink-3"] } }),
    // One quiet grey: colour is for state, and an agency's own colours would outshine every alarm. They stand in the details.
    of("routes", "path", "line", { layout: round, paint: { "line-color": c["ink-3"], "line-width": ["interpolate", ["linear"], ["zoom"], 10, 1 * scale, 16, 3 * scale], "line-opacity": 0.5 } }),
    of("alerts", "hatch", "fill", { touch: true, filter: ["all", area, real], paint: { "fill-pattern": ["concat", "hatch ", ["get", "severity"]] } }),
    of("alerts", "edge", "line", { filter: ["all", ["any", area, path], real], paint: { "line-color": bySeverity, "line-width": 1.6 * scale, "line-dasharray": [3, 2] } }),
    of("alerts", "drill", "fill", { touch: true, filter: ["all", area, drill], paint: { "fill-pattern": "dots" } }),
    of("alerts", "drill-edge", "line", { filter: ["all", ["any", area, path], drill], paint: { "line-color": c["ink-2"], "line-width": 1.6 * scale, "line-dasharray": [0.5, 2.5] } }),
    of("roads", "casing", "line", { filter: path, layout: round, paint: { "line-color": c.halo, "line-width": 6.5 * scale, "line-opacity": 0.8 } }),
    of("roads", "line", "line", { touch: true, filter: path, layout: round, paint: { "line-color": bySeverity, "line-width": 3.6 * scale, "line-opacity": fading } }),
    of("sites", "line", "line", { touch: true, filter: path, layout: round, paint: { "line-color": bySeverity, "line-width": 2 * scale, "line-opacity": fading } }),
    of("sites", "mark", "symbol", { touch: true, filter: spot, minzoom: 11, layout: { "icon-image": ["concat", "site ", ["get", "tone"]], ...text(["get", "badge"], { "text-size": 11 * scale, "text-offset": [0.8, 0] }) }, paint: inked }),
    of("movers", "mark", "symbol", {
      touch: true,
      layout: {
        ...far, "icon-image": ["get", "icon"], "icon-rotate": ["coalesce", ["get", "heading"], 0], "icon-rotation-alignment": "map",
        "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 14, 0.85, 17, 1.15], "symbol-sort-key": ["get", "rank"],
      },
    }),
    of("movers", "name", "symbol", { minzoom: 14.6, layout: text(["get", "name"], { "text-size": 11 * scale }), paint: { ...inked, "text-color": c["ink-2"] } }),
    of("hospitals", "mark", "symbol", { touch: true, layout: { ...far, "icon-image": ["concat", "hospital ", ["get", "tone"]], ...text(["get", "label"]) }, paint: inked }),
    of("roads", "mark", "symbol", { touch: true, filter: spot, layout: { ...far, "icon-image": ["get", "icon"], "icon-size": 0.8, ...text(["get", "tag"], { "text-size": 10 * scale }) }, paint: inked }),
    of("events", "mark", "symbol", { touch: true, filter: spot, layout: { ...far, "icon-image": ["get", "icon"], "icon-size": 0.8, ...text(["get", "tag"], { "text-size": 10 * scale }) }, paint: inked }),
    of("alerts", "mark", "symbol", { touch: true, filter: spot, layout: { ...far, "icon-image": ["get", "icon"], ...text(["get", "tag"], { "text-size": 11 * scale }) }, paint: inked }),
    of("alarms", "mark", "symbol", { touch: true, layout: { ...far, "icon-image": ["get", "icon"] } }),
    of("selection", "ring", "symbol", { layout: { ...far, "icon-image": "ring" } }),
  ];
}

/** Draws a symbol by its name; what it needs to be sharp on this screen is in `ratio`. */
export function picture(id, c, scale) {
  const ratio = Math.max(1, Math.min(3, devicePixelRatio || 1));
  const [what, a, b] = id.split(" ");
  const draw = DRAW[what];
  if (!draw) return null;
  const side = Math.round(draw.size * scale * ratio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const g = canvas.getContext("2d");
  if (!g) return null;
  g.scale(side / 100, side / 100); // every drawing is made in a square of 100
  g.lineJoin = "round";
  draw.paint(g, c, a, b);
  return { image: g.getImageData(0, 0, side, side), ratio };
}

const shape = (g, ...points) => {
  g.beginPath();
  points.forEach(([x, y], i) => (i ? g.lineTo(x, y) : g.moveTo(x, y)));
  g.closePath();
};
const disc = (g, r) => {
  g.beginPath();
  g.arc(50, 50, r, 0, 2 * Math.PI);
};
const OUTLINES = {
  extreme: (g) => shape(g, [35, 12], [65, 12], [88, 35], [88, 65], [65, 88], [35, 88], [12, 65], [12, 35]),
  severe: (g) => shape(g, [50, 12], [90, 86], [10, 86]),
  moderate: (g) => shape(g, [50, 8], [92, 50], [50, 92], [8, 50]),
  minor: (g) => disc(g, 36),
  unknown: (g) => disc(g, 34),
};
// The five marks of severity; hollow and dotted when it is a drill.
function mark(g, c, severity, drill) {
  const color = c[severity] ?? c.unknown;
  (OUTLINES[severity] ?? OUTLINES.unknown)(g);
  g.lineWidth = 14;
  g.strokeStyle = c.halo;
  g.stroke();
  if (drill || severity === "unknown") {
    g.fillStyle = c.surface;
    g.fill();
    g.setLineDash(drill ? [4, 12] : [16, 12]);
    g.lineCap = drill ? "round" : "butt";
    g.lineWidth = 9;
    g.strokeStyle = drill ? c["ink-2"] : color;
    g.stroke();
  } else {
    g.fillStyle = color;
    g.fill();
  }
}
const TONES = (c) => ({ transit: c["ink-2"], unit: c.accent, service: c.good });

const DRAW = {
  severity: { size: 24, paint: (g, c, severity, drill) => mark(g, c, severity, drill === "drill") },
  // An alarm or an incident: its mark in a ring of its colour.
  alarm: {
    size: 44,
    paint: (g, c, severity) => {
      disc(g, 44);
      g.lineWidth = 5;
      g.strokeStyle = c[severity] ?? c.unknown;
      g.stroke();
      g.translate(26, 26);
      g.scale(0.48, 0.48);
      mark(g, c, severity);
    },
  },
  // A mover that knows where it heads, by tone and freshness: full, hollow, or grey.
  arrow: {
    size: 24,
    paint: (g, c, tone, freshness) => {
      shape(g, [50, 6], [82, 88], [50, 70], [18, 88]);
      fresh(g, c, tone, freshness);
    },
  },
  // One that does not.
  dot: {
    size: 24,
    paint: (g, c, tone, freshness) => {
      disc(g, 24);
      fresh(g, c, tone, freshness);
    },
  },
  hospital: {
    size: 26,
    paint: (g, c, tone) => {
      g.beginPath();
      g.roundRect(12, 12, 76, 76, 16);
      g.lineWidth = 10;
      g.strokeStyle = c.halo;
      g.stroke();
      g.fillStyle = c[tone] ?? c["ink-2"];
      g.fill();
      g.strokeStyle = c.ground;
      g.lineWidth = 11;
      g.lineCap = "round";
      for (const [x1, y1, x2, y2] of [[36, 30, 36, 70], [64, 30, 64, 70], [36, 50, 64, 50]]) {
        g.beginPath();
        g.moveTo(x1, y1);
        g.lineTo(x2, y2);
        g.stroke();
      }
    },
  },
  site: {
    size: 16,
    paint: (g, c, tone) => {
      g.beginPath();
      g.rect(24, 24, 52, 52);
      g.lineWidth = 12;
      g.strokeStyle = c[tone] ?? c["ink-3"];
      g.fillStyle = c.surface;
      g.fill();
      g.stroke();
    },
  },
  ring: {
    size: 52,
    paint: (g, c) => {
      disc(g, 45);
      g.lineWidth = 9;
      g.strokeStyle = c.halo;
      g.stroke();
      g.lineWidth = 5;
      g.strokeStyle = c.accent;
      g.stroke();
    },
  },
  hatch: {
    size: 16,
    paint: (g, c, severity) => {
      g.strokeStyle = c[severity] ?? c.unknown;
      g.globalAlpha = { extreme: 0.5, severe: 0.34 }[severity] ?? 0.16; // the graver, the denser; the map stays readable under it
      g.lineWidth = 9;
      for (const x of [-100, 0, 100]) {
        g.beginPath();
        g.moveTo(x - 10, 110);
        g.lineTo(x + 110, -10);
        g.stroke();
      }
    },
  },
  dots: {
    size: 12,
    paint: (g, c) => {
      g.globalAlpha = 0.6;
      g.fillStyle = c["ink-2"];
      disc(g, 10);
      g.fill();
    },
  },
};
function fresh(g, c, tone, freshness) {
  const color = TONES(c)[tone] ?? c["ink-2"];
  g.lineWidth = freshness === "fresh" ? 7 : 9;
  if (freshness === "fresh") {
    g.fillStyle = color;
    g.strokeStyle = c.halo;
    g.stroke();
    g.fill();
  } else {
    g.fillStyle = c.surface;
    g.globalAlpha = freshness === "stale" ? 0.55 : 0.3;
    g.fill();
    g.globalAlpha = freshness === "stale" ? 1 : 0.75;
    g.strokeStyle = freshness === "stale" ? color : c["ink-3"];
    if (freshness !== "stale") g.setLineDash([12, 10]);
    g.stroke();
  }
}
