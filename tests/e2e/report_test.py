"""The HTML report in headless Chromium, as a reader uses it.

Usage: report_test.py PROGRAM [unittest options]
PROGRAM is dkn_report_page. Exits with 77 where Chromium is not installed.
"""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from files import read_png

PROGRAM = ""  # set by main
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
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

    def open(self, page, *options):
        """What Chromium prints of the page, to standard output and to the page's console."""
        with open(SCRIPT, encoding="utf-8") as file:
            page = page.replace("</body>", "<script>" + file.read() + "</script></body>")
        path = os.path.join(self.folder, "test.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)
        done = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--user-data-dir=" + os.path.join(self.folder, "profile"), "--hide-scrollbars",
             "--window-size=1000,1000", "--virtual-time-budget=20000",
             "--enable-logging=stderr", *options, "file://" + path],
            env={**os.environ, "HOME": self.folder}, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=300, check=True)
        console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        return done.stdout, console

    def root(self, dom):
        """The attributes of <html>."""
        tag = re.search(r"<html[^>]*>", dom).group()
        return {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}

    def test_a_reader_uses_it(self):
        dom, console = self.open(self.page, "--dump-dom")
        root = self.root(dom)
        self.assertEqual(console, [])
        self.assertEqual(root.get("data-error"), None)
        self.assertEqual(root.get("data-ready"), "true")
        self.assertIn("data-test", root)
        self.seen = json.loads(root["data-test"])
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
            "rows": [["input", "203.00", "+3.00"], [GOOD, "201.00", "+1.00"],
                     [BAD, "197.50", "-2.50"], ["truth", "200.00", ""]],
            "best": [GOOD]})
        self.assertEqual(seen["weights"],
                         ["-0.10"] * 4 + ["0.80"] + ["-0.10"] * 4)
        self.assertEqual(seen["sum"], "sum of weights 0.0")
        middle, beside = seen["loupe"]  # orange over the pixel, blue over a tap beside it
        self.assertGreater(middle[0], middle[2] + 80)
        self.assertGreater(beside[2], beside[0] + 40)
        unknown = {name: (value, error) for name, value, error in seen["unknown"]["rows"]}
        self.assertEqual(unknown["truth"], ("–", ""))
        self.assertEqual(unknown[GOOD], ("106.00", ""))
        self.assertEqual(seen["unknown"]["best"], [])

    def check_moves(self):
        seen = self.seen
        self.assertEqual(seen["wiped"], ["inset(0px 0px 0px 25%)", "25%"])
        left, value, where = seen["dragged"]
        self.assertAlmostEqual(float(left.rstrip("%")), 80, delta=0.5)
        self.assertAlmostEqual(int(value), 800, delta=5)
        self.assertEqual(where, "x 80, y 60")  # free: a drag holds no pixel
        self.assertTrue(seen["held"].startswith("x 50, y 20 (held"))
        self.assertTrue(seen["moved"].startswith("x 51, y 0 (held"))
        self.assertTrue(seen["spoken"].startswith("x 51, y 0: input 155.00, good"), seen["spoken"])
        self.assertEqual(seen["freed"], "x 51, y 0")

    def check_colours(self):
        seen = self.seen
        low, high, unknown = seen["depths"]  # blue, dark red
        self.assertGreater(low[2], 2 * max(low[:2]), low)
        self.assertTrue(high[0] > 100 and high[1] < 40 and high[2] < 40, high)
        self.assertEqual(unknown, [128, 128, 128])
        none, largest, unknown = seen["errors"]  # black, pale yellow
        self.assertLess(sum(none), 20)
        self.assertGreater(largest[0] + largest[1], 450)
        self.assertEqual(unknown, [128, 128, 128])
        self.assertEqual(seen["bar"][:2], ["0.00", "2.50"])
        self.assertEqual(seen["swapped"], [largest, none])
        one, other = seen["guide"]
        self.assertGreater(abs(one[0] - other[0]), 200)

    def test_it_is_drawn_in_light_and_dark(self):
        pixels = []
        for scheme in ("1", "0"):
            path = os.path.join(self.folder, "shot.png")
            _, console = self.open(self.page, "--screenshot=" + path,
                                   "--blink-settings=preferredColorScheme=" + scheme)
            self.assertEqual(console, [])
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
        dom, _ = self.open(page, "--dump-dom")
        self.assertIn("data-error", self.root(dom))
        self.assertIn('<p class="place">This picture cannot be shown', dom)


def main():
    global PROGRAM
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    if CHROMIUM is None:
        print("Chromium is not installed")
        sys.exit(77)
    unittest.main()


if __name__ == "__main__":
    main()
