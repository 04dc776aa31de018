// Three sizes, designed and not squeezed. The pictures are for people to look at; what can be counted is counted.
import { type Page } from "@playwright/test";
import { expect, shot, test } from "./server";
import { open } from "./town";

const SIZES = {
  // Laid out at its full size and painted at half of it: a map of eight million points without a graphics card takes minutes.
  wall: { viewport: { width: 3840, height: 2160 }, deviceScaleFactor: 0.5 },
  laptop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
};
/** What is shown where: the page of each size in both looks, the others at the sizes they may be met at. */
const SHOTS: [path: string, size: keyof typeof SIZES, schemes: ("dark" | "light")[]][] = [
  ["/wall", "wall", ["dark", "light"]],
  ["/", "wall", ["dark"]],
  ["/m", "wall", ["dark"]],
  ["/", "laptop", ["dark", "light"]],
  ["/wall", "laptop", ["dark"]],
  ["/m", "laptop", ["light"]],
  ["/m", "phone", ["dark", "light"]],
  ["/", "phone", ["light"]],
  ["/wall", "phone", ["dark"]],
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

for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[])
  test.describe(`a ${size}`, () => {
    test.use(SIZES[size]);
    for (const [path, , schemes] of SHOTS.filter((s) => s[1] === size))
      test(`${path}, ${schemes.join(" and ")}`, async ({ page }) => {
        test.setTimeout(120_000);
        for (const scheme of schemes) {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
          await open(page, path);
          await expect(page.getByTestId("kpi-hospital-beds-free").first()).toHaveAttribute("data-value", /\d/);
          if (await page.getByTestId("map").count()) await expect(page.getByTestId("map")).toHaveAttribute("data-ready", "true", { timeout: 90_000 });
          await page.evaluate(() => document.fonts.ready);
          await shot(page, `${path === "/" ? "ops" : path.slice(1)}-${size}-${scheme}`);
        }
        expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), "nothing scrolls sideways").toBeLessThanOrEqual(SIZES[size].viewport.width);
        expect.soft(await sticking(page), "nothing sticks out").toEqual([]);
        if (path === "/wall" && size === "wall") expect.soft(await small(page), "nothing under 40 px is read from six metres").toEqual([]);
        if (path === "/m" && size === "phone") expect.soft(await narrow(page), "fingers are wide, and wet").toEqual([]);
      });
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
