// Three sizes, designed and not squeezed. The pictures are for people to look at; what can be counted is counted.
import { type Page } from "@playwright/test";
import { expect, shot, test } from "./server";
import { open } from "./town";

const SIZES = [
  { name: "wall", width: 3840, height: 2160 },
  { name: "laptop", width: 1440, height: 900 },
  { name: "phone", width: 390, height: 844 },
] as const;
/** What is shown where: the page of each size in both looks, the others at the sizes they may be met at. */
const SHOTS: [path: string, size: (typeof SIZES)[number]["name"], schemes: ("dark" | "light")[]][] = [
  ["/", "laptop", ["dark", "light"]],
  ["/", "wall", ["dark"]],
  ["/", "phone", ["light"]],
  ["/wall", "wall", ["dark", "light"]],
  ["/wall", "laptop", ["dark"]],
  ["/wall", "phone", ["dark"]],
  ["/m", "phone", ["dark", "light"]],
  ["/m", "laptop", ["light"]],
  ["/m", "wall", ["dark"]],
];

/** Elements whose text is cut off or sticks out of the screen sideways. */
const sticking = (page: Page) =>
  page.evaluate(() => {
    const clipped = (e: Element) => {
      for (let p: Element | null = e; p; p = p.parentElement) if (p.closest(".map, .hidden, [hidden]")) return true;
      for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return true;
      return false;
    };
    return [...document.body.querySelectorAll("*")]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().right > innerWidth + 1 && !clipped(e))
      .map((e) => `${e.tagName.toLowerCase()}.${e.className} to ${Math.round(e.getBoundingClientRect().right)}`);
  });

for (const [path, size, schemes] of SHOTS)
  test(`${path} on a ${size}, ${schemes.join(" and ")}`, async ({ page }) => {
    const { width, height } = SIZES.find((s) => s.name === size)!;
    test.setTimeout(width > 2000 ? 150_000 : 90_000); // a map of eight million points without a graphics card
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: schemes[0], reducedMotion: "reduce" });
    await open(page, path);
    await expect(page.getByTestId("kpi-hospital-beds-free").first()).toHaveAttribute("data-value", /\d/);
    if (await page.getByTestId("map").count()) await expect(page.getByTestId("map")).toHaveAttribute("data-ready", "true", { timeout: 100_000 });
    await page.evaluate(() => document.fonts.ready);
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await shot(page, `${path === "/" ? "ops" : path.slice(1)}-${size}-${scheme}`);
    }
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), "nothing scrolls sideways").toBeLessThanOrEqual(width);
    expect.soft(await sticking(page), "nothing sticks out").toEqual([]);
    if (path === "/wall" && size === "wall") expect.soft(await small(page), "nothing under 40 px is read from six metres").toEqual([]);
    if (path === "/m" && size === "phone") expect.soft(await narrow(page), "fingers are wide, and wet").toEqual([]);
  });

/** Visible texts on the wall that are too small to read. */
const small = (page: Page) =>
  page.evaluate(() => {
    const found = new Map<string, string>();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const [text, e] = [n.textContent!.trim(), n.parentElement!];
      if (!text || e.closest("script, style, .hidden") || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const px = parseFloat(getComputedStyle(e).fontSize);
      if (px < 40) found.set(`${e.tagName.toLowerCase()}.${e.className}`, `${px} px: ${text.slice(0, 40)}`);
    }
    return [...found].map(([where, what]) => `${where} ${what}`);
  });

/** What is touched on the phone and is smaller than a fingertip. A link inside a line of text is as high as its line. */
const narrow = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, summary, label:has(input[type=checkbox])")]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".hidden, .skip") && !e.matches("label > input[type=checkbox]"))
      .map((e) => ({ e, box: e.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ e, box }) => `${e.tagName.toLowerCase()} “${(e.textContent ?? "").trim().slice(0, 30)}” ${Math.round(box.width)}x${Math.round(box.height)}`),
  );
