"""The HTML report in headless Chromium, as a reader uses it.

Usage: report_test.py PROGRAM [unittest options]
PROGRAM is dkn_report_page. Exits with 77 where Chromium is not installed.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import chromium
from files import read_png

PROGRAM = ""  # set by main
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "report_test.js")
GOOD = "good <b>&amp;\"'"
BAD = "</script><img src=x onerror=document.title=1>"


class ReportTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dkn_report_", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        path = os.path.join(self.folder, "report.html")
        subprocess.run([PROGRAM, path], check=True)
        with open(path, encoding="utf-8") as file:
            self.page = file.read()

    def open(self, page, scheme="light"):
        """The page in a browser, loaded or told why not."""
        path = os.path.join(self.folder, "test.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)
        browser = chromium.Page(self.folder, scheme=scheme)
        self.addCleanup(browser.close)
        browser.open("file://" + path)
        browser.wait("document.querySelector('section.viewer').dataset.loaded ||"
                     "document.documentElement.dataset.error")
        return browser

    def test_a_reader_uses_it(self):
        browser = self.open(self.page)
        self.assertEqual(browser.run("document.documentElement.dataset.error"), None)
        with open(SCRIPT, encoding="utf-8") as file:
            self.seen = json.loads(browser.run(file.read()))
        self.assertEqual(browser.console, [])
        self.assertEqual([url for url in browser.requests if not url.startswith(("file:", "data:"))],
                         [])
        self.check_texts()
        self.check_pixel()
        self.check_moves()
        self.check_colours()

    def check_texts(self):
        seen = self.seen
        self.assertEqual(seen["heading"],
                         ["A report <of> tests", "set <i>name160 x 120, input 20 x 15"])
        self.assertEqual(seen["options"], ["guide", "input", GOOD, BAD, "truth"])
        self.assertEqual(seen["tags"], ["input", GOOD + "  RMSE 1 cm"])
        self.assertEqual(seen["images"], 1)  # the plot, none from a name
        self.assertRegex(seen["start"], r"\Ax \d+, y \d+\Z")

    def check_pixel(self):
        seen = self.seen
        self.assertEqual(seen["hovered"], {
            "where": "x 100, y 60",
            "parts": ["A 203.00 cm", "B 201.00 cm", "B − A -2.00 cm"],
            "rows": [["input", "203.00", "+3.00"], [GOOD, "201.00", "+1.00"],
                     [BAD, "197.50", "-2.50"], ["truth", "200.00", ""]],
            "best": [GOOD]})
        self.assertEqual(seen["weights"],
                         ["-0.10"] * 4 + ["0.80"] + ["-0.10"] * 4)
        self.assertEqual(seen["sum"], "weights sum to 0.0")
        middle, beside = seen["loupe"]  # orange over the pixel, blue over a tap beside it
        self.assertGreater(middle[0], middle[2] + 80)
        self.assertGreater(beside[2], beside[0] + 40)
        unknown = {name: (value, error) for name, value, error in seen["unknown"]["rows"]}
        self.assertEqual(unknown["truth"], ("–", ""))
        self.assertEqual(unknown[GOOD], ("106.00", ""))
        self.assertEqual(seen["unknown"]["best"], [])

    def check_moves(self):
        seen = self.seen
        left, value, where = seen["dragged"]
        self.assertAlmostEqual(float(left.rstrip("%")), 80, delta=0.5)
        self.assertAlmostEqual(value, 80, delta=1)
        self.assertEqual(where, "x 80, y 60")  # free: a drag holds no pixel
        self.assertTrue(seen["held"].startswith("x 50, y 20 (held"))
        self.assertTrue(seen["moved"].startswith("x 51, y 0 (held"))
        self.assertTrue(seen["spoken"].startswith("x 51, y 0: input 155.00, good"), seen["spoken"])
        self.assertEqual(seen["freed"], "x 51, y 0")

    def check_colours(self):
        seen = self.seen
        wipe, low, high, unknown = seen["ends"]  # blue, dark red
        self.assertEqual(wipe, 100)
        self.assertGreater(low[2], 2 * max(low[:2]), low)
        self.assertTrue(high[0] > 100 and high[1] < 40 and high[2] < 40, high)
        self.check_hatched(unknown)
        self.assertTrue({"100", "160", "240"} <= set(seen["ticks"]), seen["ticks"])
        none, largest, unknown = seen["errors"]  # black, pale yellow
        self.assertLess(sum(none), 20)
        self.assertGreater(largest[0] + largest[1], 450)
        self.check_hatched(unknown)
        self.assertTrue({"0.0", "1.0", "2.5"} <= set(seen["errorTicks"]), seen["errorTicks"])
        self.assertTrue(seen["label"].startswith("cm, |result − truth|"), seen["label"])
        self.assertEqual(seen["swapped"], none)
        difference, *tags = seen["difference"]
        self.assertEqual(difference, largest)  # 2.5 everywhere, which is its own limit
        self.assertEqual(len(tags), 1)
        one, other = seen["guide"]
        self.assertGreater(abs(one[0] - other[0]), 200)

    def check_hatched(self, colour):
        self.assertLess(max(colour) - min(colour), 16, colour)
        self.assertTrue(90 < colour[1] < 190, colour)

    def test_it_is_drawn_in_light_and_dark(self):
        pixels = []
        for scheme in ("light", "dark"):
            path = os.path.join(self.folder, "shot.png")
            browser = self.open(self.page, scheme)
            browser.run("document.querySelector('section.viewer').scrollIntoView();"
                        "new Promise((done) => setTimeout(done, 200))")
            browser.screenshot(path)
            browser.close()
            self.assertEqual(browser.console, [])
            picture, _ = read_png(path)
            values = picture.values
            count = picture.channels
            colours = {tuple(values[i:i + 3]) for i in range(0, len(values), count)}
            self.assertGreater(len(colours), 500)
            pixels.append(tuple(values[:3]))
        self.assertGreater(min(pixels[0]), 200)
        self.assertLess(max(pixels[1]), 60)

    def test_a_damaged_picture_is_told(self):
        page = re.sub(r'"png":"iVBORw0KGgoAAAAN.{400}',
                      lambda match: match.group()[:-40] + "A" * 40, self.page, count=1)
        self.assertNotEqual(page, self.page)
        browser = self.open(page)
        self.assertIsNotNone(browser.run("document.documentElement.dataset.error"))
        self.assertIn("This picture cannot be shown",
                      browser.run("document.querySelector('.place').textContent"))


def main():
    global PROGRAM
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    if chromium.PROGRAM is None:
        print("Chromium is not installed")
        sys.exit(77)
    unittest.main()


if __name__ == "__main__":
    main()
