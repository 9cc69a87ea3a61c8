// The viewer in Chromium, as people use it: viewer_page.ts shows frames of known values.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CHROMIUM, servePage, startChromium, until } from "./browser.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SCRIPT = fileURLToPath(new URL("viewer_page.ts", import.meta.url));

describe("the viewer", { skip: CHROMIUM === undefined && "Chromium is not installed" }, () => {
  let browser;
  let site;
  before(async () => {
    site = await servePage(SCRIPT, "Viewer");
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  // A page of its own, closed after `use`; anything in its console and any other host fail it.
  async function withPage(options, use) {
    const page = await browser.newPage({ viewport: { width: 1240, height: 900 }, ...options });
    const troubles = [];
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("console", (message) => {
      if (!message.text().includes("GPU stall due to ReadPixels")) {
        troubles.push(message.text());
      }
    });
    page.on("request", (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) {
        troubles.push(`asked for ${request.url()}`);
      }
    });
    await page.goto(site.url);
    await page.locator(".dkv-kernel table").first().waitFor();
    await use(page);
    assert.deepEqual(troubles, []);
    await page.close();
  }

  const using = (name, use) => test(name, () => withPage({}, use));
  const zoomOf = (page) =>
    page.getByRole("group", { name: "Zoom" }).getByRole("button").nth(1).textContent();
  const where = (page) => page.locator(".dkv-where").textContent();
  const parts = (page) => page.locator(".dkv-parts > span").allTextContents();
  const wipe = async (page) =>
    Number(await page.locator(".dkv-divider").getAttribute("aria-valuenow"));
  const settle = (page) =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 80))));

  // The place of the middle of a pixel on the screen, while the whole image is shown.
  async function placeOf(page, x, y) {
    const box = await page.locator(".dkv-stage").boundingBox();
    return [box.x + ((x + 0.5) / 160) * box.width, box.y + ((y + 0.5) / 120) * box.height];
  }

  // R,G,B of what the stage shows of a pixel, while the whole image is shown.
  async function shown(page, x, y) {
    await settle(page);
    return page.evaluate(([u, v]) => {
      const canvas = document.querySelector(".dkv-canvas");
      const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, -Math.floor(u * canvas.width), -Math.floor(v * canvas.height));
      return [...copy.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    }, [(x + 0.5) / 160, (y + 0.5) / 120]);
  }

  const choose = (page, side, name) => page.getByLabel(`${side}, at the`).selectOption(name);

  using("tells the values under the pointer and how they differ", async (page) => {
    await page.mouse.move(...(await placeOf(page, 40, 100)));
    assert.equal(await where(page), "x 40, y 100");
    assert.deepEqual(await parts(page), [
      "A 1400.0 mm", "B 1395.5 mm", "B − A -4.5 mm", "confidence 0.25"]);
    await page.mouse.move(...(await placeOf(page, 5, 5)));
    assert.deepEqual((await parts(page)).slice(0, 3), ["A no value", "B no value", "B − A –"]);
    const rows = await page.locator(".dkv-values tbody tr").allTextContents();
    assert.deepEqual(rows, ["input–", "result–", "another–"]);
  });

  using("a click holds the pixel, arrow keys move it, Escape frees it", async (page) => {
    await page.mouse.click(...(await placeOf(page, 30, 90)));
    await page.mouse.move(...(await placeOf(page, 120, 30)));
    assert.match(await where(page), /^x 30, y 90 \(held/);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowUp");
    assert.match(await where(page), /^x 31, y 80 \(held/);
    assert.match(await page.locator(".dkv-hidden[role=status]").textContent(),
                 /^x 31, y 80: input 1310\.0, result 1305\.5, another 1330\.0$/);
    await page.keyboard.press("Escape");
    assert.equal(await where(page), "x 31, y 80");
  });

  using("the wipe moves by mouse and by keys", async (page) => {
    await choose(page, "A", "guide");
    assert.equal(await wipe(page), 50);
    const grey = await shown(page, 60, 20);
    assert.equal(grey[0], grey[1]);
    await page.mouse.move(...(await placeOf(page, 80, 96)));
    await page.mouse.down();
    await page.mouse.move(...(await placeOf(page, 40, 96)), { steps: 4 });
    await page.mouse.up();
    assert.ok(Math.abs((await wipe(page)) - 25) <= 1);
    const colour = await shown(page, 60, 20);
    assert.notEqual(colour[0], colour[1]);
    await page.locator(".dkv-divider").focus();
    await page.keyboard.press("End");
    assert.equal(await wipe(page), 100);
    assert.deepEqual(await shown(page, 60, 20), grey);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await wipe(page), 98);
    await page.mouse.move(...(await placeOf(page, 120, 96))); // anywhere, not on the divider alone
    await page.mouse.down();
    await page.mouse.move(...(await placeOf(page, 80, 96)), { steps: 4 });
    await page.mouse.up();
    assert.ok(Math.abs((await wipe(page)) - 50) <= 1);
  });

  using("zooms by keys, buttons and wheel, and pans by dragging", async (page) => {
    const zoom = () => zoomOf(page);
    const place = await placeOf(page, 130, 100);
    await page.mouse.move(...place);
    await page.mouse.wheel(0, -200); // the page's, as long as the picture has no focus
    assert.equal(await zoom(), "100 %");
    await page.mouse.click(...place);
    await page.mouse.wheel(0, -200);
    await page.mouse.wheel(0, -200);
    await settle(page);
    assert.ok(parseInt(await zoom(), 10) > 200, await zoom());
    await page.keyboard.press("Escape");
    await page.mouse.move(place[0] + 1, place[1]);
    assert.equal(await where(page), "x 130, y 100"); // what was under the pointer stayed there
    await page.mouse.down();
    await page.mouse.move(place[0] + 60, place[1], { steps: 4 });
    await page.mouse.up();
    assert.equal(await wipe(page), 50);
    await page.keyboard.press("Escape");
    await page.mouse.move(place[0] + 61, place[1]);
    assert.equal(await where(page), "x 130, y 100");
    await page.keyboard.press("0");
    assert.equal(await zoom(), "100 %");
    await page.getByRole("button", { name: "Zoom in" }).click();
    assert.equal(await zoom(), "140 %");
  });

  using("the legend tells the range, which can be chosen", async (page) => {
    await page.getByRole("checkbox", { name: "Kernel" }).uncheck();
    const ticks = () => page.locator(".dkv-ticks span").allTextContents();
    assert.ok((await ticks()).includes("2000"), String(await ticks()));
    assert.equal(await page.locator(".dkv-label").textContent(), "mm");
    const before = await shown(page, 20, 100);
    await page.getByLabel("Value at the high end").fill("1200");
    await page.keyboard.press("Enter");
    assert.ok((await ticks()).includes("1100"), String(await ticks()));
    const warm = await shown(page, 20, 100); // 1200 mm: the red end
    assert.ok(warm[0] > 100 && warm[2] < 60, String(warm));
    assert.notDeepEqual(warm, before);
    await page.getByLabel("Value at the low end").fill("5000");
    await page.keyboard.press("Enter");
    const low = page.getByLabel("Value at the low end");
    assert.equal(await low.getAttribute("aria-invalid"), "true");
    await page.getByRole("button", { name: "Min–max" }).click();
    assert.equal(await page.getByLabel("Value at the high end").inputValue(), "2590");
    const hole = await shown(page, 5, 15);
    assert.ok(Math.max(...hole) - Math.min(...hole) < 16, `a hole is grey: ${hole}`);
  });

  using("the kernel is drawn, enlarged and told in numbers, by level", async (page) => {
    await page.mouse.move(...(await placeOf(page, 60, 90)));
    await until(page, () =>
      document.querySelector(".dkv-where").textContent === "x 60, y 90");
    const beside = await shown(page, 62, 90); // a sample of -0.1
    await page.getByRole("checkbox", { name: "Kernel" }).uncheck();
    assert.notDeepEqual(await shown(page, 62, 90), beside);
    await page.getByRole("checkbox", { name: "Kernel" }).check();
    assert.equal(await page.locator(".dkv-sum").textContent(), "weights sum to 0.45");
    const captions = await page.locator(".dkv-weights caption").allTextContents();
    assert.deepEqual(captions, ["level 0, sum 0.00", "level 1, sum 0.45"]);
    const weights = await page.locator(".dkv-weights td").allTextContents();
    assert.deepEqual(weights.slice(3, 6), ["-0.10", "0.80", "-0.10"]);
    assert.deepEqual(weights.slice(9), Array(9).fill("0.05"));
    const loupes = await page.locator(".dkv-loupe").evaluateAll((all) => all.map((canvas) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height)
        .getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const cell = canvas.width / 17;
      return [8.5, 10.5].map((x) =>
        [...copy.getImageData(x * cell, 8.5 * cell, 1, 1).data.slice(0, 3)]);
    }));
    assert.equal(loupes.length, 2);
    for (const [middle, side] of loupes) {
      assert.ok(middle[0] > middle[2] + 80, `orange: ${middle}`);
      assert.ok(side[2] > side[0] + 40, `blue: ${side}`);
    }
  });

  using("a kernel that comes late is dropped", async (page) => {
    await page.evaluate(() => {
      const frame = window.knownFrame();
      const late = [];
      window.asked = [];
      window.answerFirst = () => late[0]();
      const kernelAt = (x, y) => new Promise((resolve) => {
        window.asked.push(x);
        const answer = () => frame.kernelAt(x, y).then((kernel) => {
          kernel.weight[4] = x;
          resolve(kernel);
        });
        late.push(answer);
        if (late.length > 1) {
          answer();
        }
      });
      window.viewer.show({ ...frame, kernelAt });
    });
    await page.locator(".dkv-stage").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.evaluate(() => window.answerFirst());
    await page.locator("td", { hasText: "82.00" }).waitFor();
    assert.deepEqual(await page.evaluate(() => window.asked), [80, 82]);
  });

  using("confidence lies over the picture", async (page) => {
    const before = await shown(page, 24, 100);
    const sure = await shown(page, 158, 100);
    await page.getByLabel("Confidence").check();
    const after = await shown(page, 24, 100);
    assert.ok(after.every((part, c) => part >= before[c]), String(after));
    assert.ok(after[0] > before[0] + 60, String(after));
    assert.ok((await shown(page, 158, 100)).every((part, c) => Math.abs(part - sure[c]) < 12));
    assert.ok(await page.getByText("the less it rests on measurements").isVisible());
  });

  using("the difference of A and B is a picture of its own", async (page) => {
    await page.getByRole("checkbox", { name: "Kernel" }).uncheck();
    await page.getByLabel("Difference").check();
    const largest = await shown(page, 40, 100);
    assert.ok(largest[0] + largest[1] > 450, String(largest));
    assert.equal(await page.locator(".dkv-divider").isVisible(), false);
    const tag = page.locator(".dkv-stage .dkv-tag").first();
    assert.equal(await tag.textContent(), "| result − input |");
  });

  using("live frames keep what was chosen", async (page) => {
    await choose(page, "B", "another");
    await page.mouse.click(...(await placeOf(page, 30, 100)));
    await page.keyboard.press(",");
    await page.keyboard.press("+");
    const milliseconds = await page.evaluate(() => {
      const frames = Array.from({ length: 20 }, (_, i) => window.knownFrame(i));
      const start = performance.now();
      frames.forEach((frame) => window.viewer.show(frame));
      return (performance.now() - start) / frames.length;
    });
    assert.ok(milliseconds < 50, `${milliseconds} ms`);
    assert.deepEqual((await parts(page)).slice(0, 2), ["A 1319.0 mm", "B 1339.0 mm"]);
    assert.equal(await wipe(page), 48);
    assert.equal(await zoomOf(page), "140 %");
    await page.evaluate(() => window.viewer.destroy());
    assert.equal(await page.locator(".dkv").count(), 0);
  });

  using("the points stand in space before and after", async (page) => {
    await page.getByLabel("3-D").check();
    const canvas = page.locator(".dkv-scene canvas");
    await canvas.waitFor();
    const look = async () => {
      await settle(page);
      return page.evaluate(() => {
        const source = document.querySelector(".dkv-scene canvas");
        const copy = new OffscreenCanvas(source.width, source.height)
          .getContext("2d", { willReadFrequently: true });
        copy.drawImage(source, 0, 0);
        const half = (from) => {
          const { data } = copy.getImageData(from, 0, source.width >> 1, source.height);
          let orange = 0;
          let blue = 0;
          for (let i = 0; i < data.length; i += 4) {
            orange += data[i] > data[i + 2] + 100 ? 1 : 0;
            blue += data[i + 2] > data[i] + 60 ? 1 : 0;
          }
          return { orange, blue };
        };
        return [half(0), half(source.width >> 1)];
      });
    };
    const before = await look();
    for (const { orange, blue } of before) { // the disc, left and right
      assert.ok(orange > 500 && blue === 0, `${orange} ${blue}`);
    }
    await canvas.focus();
    for (let i = 0; i < 5; ++i) {
      await page.keyboard.press("-");
    }
    const [smaller] = await look();
    assert.ok(smaller.orange < 0.7 * before[0].orange, String(smaller.orange));
    await page.getByRole("button", { name: "Reset view" }).click();
    assert.deepEqual(await look(), before);
    await page.getByLabel("Colours of the values").check();
    const [byValue] = await look();
    assert.ok(byValue.blue > 500, "the disc is blue by its value");
  });

  for (const [name, options] of [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["a phone", { viewport: { width: 360, height: 800 }, hasTouch: true }],
  ]) {
    test(`everybody can use it: ${name}`, () => withPage(options, async (page) => {
      await page.addScriptTag({ content: await readFile(AXE, "utf8") });
      for (const mode of ["Wipe", "Difference", "3-D"]) {
        await page.getByLabel(mode, { exact: true }).check();
        await settle(page);
        const { violations } = await page.evaluate(() => window.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      }
      assert.equal(await page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    }));
  }

  test("follows the system's light and dark", async () => {
    const colours = [];
    for (const colorScheme of ["light", "dark"]) {
      await withPage({ colorScheme }, async (page) => {
        colours.push(await page.locator(".dkv").evaluate((node) => getComputedStyle(node).color));
      });
    }
    assert.notEqual(colours[0], colours[1]);
  });

  test("fingers wipe, hold a pixel and pinch", () =>
    withPage({ viewport: { width: 360, height: 800 }, hasTouch: true }, async (page) => {
      const tap = await placeOf(page, 30, 60);
      await page.touchscreen.tap(...tap);
      assert.match(await where(page), /^x 30, y 60 \(held/);
      const session = await page.context().newCDPSession(page);
      const touch = (type, ...points) => session.send("Input.dispatchTouchEvent", {
        type, touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
      await touch("touchStart", await placeOf(page, 80, 20));
      await touch("touchMove", await placeOf(page, 100, 20));
      await touch("touchMove", await placeOf(page, 120, 20));
      await touch("touchEnd");
      assert.ok(Math.abs((await wipe(page)) - 75) <= 2, String(await wipe(page)));
      const near = [await placeOf(page, 60, 60), await placeOf(page, 100, 60)];
      const far = [await placeOf(page, 30, 60), await placeOf(page, 130, 60)];
      await touch("touchStart", ...near);
      await touch("touchMove", ...far);
      await touch("touchEnd");
      const zoom = await zoomOf(page);
      assert.ok(parseInt(zoom, 10) > 200, zoom);
    }));
});
