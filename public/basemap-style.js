// The ground under the data: a quiet drawing of a vector basemap in the old Protomaps schema (attribute `pmap:kind`), in the page's
// own colours, so that both themes come from one set of tokens. No glyph files: MapLibre draws labels from the page's fonts.

/** The page's colours as the map needs them, read from its custom properties. */
export function colors(element) {
  const css = getComputedStyle(element);
  const get = (name) => css.getPropertyValue(`--${name}`).trim() || "#888";
  const names = "ink ink-2 ink-3 ground surface raised line line-strong accent extreme severe moderate minor unknown good".split(" ");
  const map = "earth green water bldg bldg-edge road-1 road-2 road-3 road-4 rail label label-strong halo".split(" ");
  return Object.fromEntries([...names.map((n) => [n, get(n)]), ...map.map((n) => [n, get(`map-${n}`)])]);
}

const SOFT = ["park", "cemetery", "garden", "forest", "grass", "golf_course", "recreation_ground", "pitch", "wood", "nature_reserve", "protected_area", "meadow", "farmland", "orchard", "vineyard", "scrub"];

/** Background, sources and layers of the ground; `scale` enlarges lines and labels for a distant reader. */
export function basemap(url, c, scale) {
  const ground = { id: "ground", type: "background", paint: { "background-color": c.earth } };
  if (!url) return { version: 8, sources: {}, layers: [ground] };
  const from = (id, type, layer, more) => ({ id, type, source: "base", "source-layer": layer, ...more });
  const kind = (...kinds) => ["in", ["get", "pmap:kind"], ["literal", kinds]];
  // A street keeps its width on the ground, so it doubles with each zoom once it is wide enough to have one.
  const width = (far, near) => ["interpolate", ["exponential", 1.7], ["zoom"], 10, far * scale, 17, near * scale];
  const street = (id, kinds, color, far, near, minzoom = 0) =>
    from(id, "line", "roads", {
      minzoom, filter: kind(...kinds), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": color, "line-width": width(far, near) },
    });
  const words = (id, layer, color, size, more = {}) =>
    from(id, "symbol", layer, {
      ...more,
      layout: { "text-field": ["get", "name"], "text-font": ["Inter"], "text-size": size, "text-max-width": 8, ...more.layout },
      paint: { "text-color": color, "text-halo-color": c.halo, "text-halo-width": 1.5 * scale },
    });
  return {
    version: 8,
    sources: { base: { type: "vector", url: `pmtiles://${url}` } },
    layers: [
      ground,
      from("earth", "fill", "earth", { paint: { "fill-color": c.earth } }),
      from("wild", "fill", "natural", { paint: { "fill-color": c.green } }),
      from("park", "fill", "landuse", { filter: kind(...SOFT), paint: { "fill-color": c.green } }),
      from("water", "fill", "water", { paint: { "fill-color": c.water } }),
      from("stream", "line", "physical_line", { minzoom: 12, paint: { "line-color": c.water, "line-width": width(0.4, 5) } }),
      from("rails", "line", "transit", { paint: { "line-color": c.rail, "line-width": width(0.4, 3) } }),
      street("lanes", ["minor_road", "other", "path"], c["road-4"], 0.15, 9, 12),
      street("streets", ["medium_road"], c["road-3"], 0.5, 12, 11),
      street("avenues", ["major_road"], c["road-2"], 0.8, 15),
      street("motorways", ["highway"], c["road-1"], 1.2, 17),
      from("buildings", "fill", "buildings", {
        minzoom: 13,
        paint: { "fill-color": c.bldg, "fill-outline-color": c["bldg-edge"], "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0, 14.5, 0.9] },
      }),
      words("street-names", "roads", c.label, 10.5 * scale, { minzoom: 14, filter: kind("highway", "major_road", "medium_road"), layout: { "symbol-placement": "line" } }),
      words("place-names", "places", c["label-strong"], ["interpolate", ["linear"], ["zoom"], 10, 11 * scale, 15, 14 * scale]),
    ],
  };
}
