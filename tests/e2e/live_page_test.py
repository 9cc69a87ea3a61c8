#!/usr/bin/env python3
"""The page of `dkn view` in headless Chromium, as a person uses it.

Usage: live_page_test.py DKN [unittest options]
Exits with 77 where Chromium is not installed.
"""

import sys

import chromium
from command import main
from frames import MODEL
from serving import ServingTest

CONTROL = "[...document.querySelectorAll('.live-control')].find((row) => row.textContent.startsWith('%s')).lastChild"


class LivePageTest(ServingTest):
    def open(self, view):
        browser = chromium.Page(self.folder, width=1280, height=1000)
        self.addCleanup(browser.close)
        browser.open(view.url)
        browser.wait("document.querySelector('.live-counts').textContent !== ''")
        return browser

    def choose(self, browser, name, value):
        browser.run("(() => { const control = %s; control.value = '%s';"
                    "control.dispatchEvent(new Event('change')); })()" % (CONTROL % name, value))

    @staticmethod
    def text(browser, selector):
        return browser.run("document.querySelector('%s').textContent" % selector)

    def test_a_person_watches_and_changes_options(self):
        self.put_frames(range(3))
        view = self.begin("view", "rgb_%04d.png", "depth_%04d.png", *MODEL, "--fps", "5")
        browser = self.open(view)
        self.assertIn("depth_%04d.png, 3 frames", self.text(browser, ".live-source"))
        browser.wait("!document.querySelector('.live-times dd').textContent.startsWith('-')")
        self.assertRegex(self.text(browser, ".live-times"), r"network\d+\.\d ms")
        self.assertIn("by fdkn_x4", self.text(browser, ".live-counts"))

        self.choose(browser, "Method", "guided")
        browser.wait("document.querySelector('.live-counts').textContent.includes('by guided')")
        self.assertTrue(self.text(browser, ".live-command code").startswith(
            "dkn upsample rgb_%04d.png depth_%04d.png -o sharp/depth_%04d.png --model guided"))
        self.choose(browser, "Values that are holes", "zero")
        browser.wait("!document.querySelector('.live-message').hidden")
        self.assertIn("zero", self.text(browser, ".live-message"))
        self.choose(browser, "Values that are holes", "0")
        browser.wait("document.querySelector('.live-message').hidden")

        browser.run("[...document.querySelectorAll('button')].find((it) => it.textContent === 'Pause').click()")
        browser.wait("[...document.querySelectorAll('button')].some((it) => it.textContent === 'Go on')")
        browser.run("[...document.querySelectorAll('button')].find((it) => it.textContent.startsWith('Copy')).click()")
        browser.wait("document.querySelector('.live-command [role=status]').textContent !== ''")
        # The browser tells in its console what the server refused, as it was meant to.
        self.assertEqual([line for line in browser.console if "400 (Bad Request)" not in line], [])
        self.assertEqual([url for url in browser.requests
                          if not url.startswith((view.url, "data:", "blob:"))], [])

    def test_kernels_are_shown_of_networks(self):
        self.put_frames(range(1))
        view = self.begin("view", "rgb_0000.png", "depth_0000.png", *MODEL)
        browser = self.open(view)
        browser.run("document.querySelector('.dkv-stage').focus()")
        for _ in range(3):
            browser.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight",
                         code="ArrowRight", windowsVirtualKeyCode=39)
        browser.wait("document.querySelectorAll('.dkv-kernel table td').length >= 9")
        self.assertTrue(any("/kernel?x=" in url for url in browser.requests))

    def test_points_stand_in_space(self):
        self.put_frames(range(1))
        view = self.begin("view", "rgb_0000.png", "depth_0000.png", "--model", "bicubic")
        browser = self.open(view)
        browser.run("document.querySelector('.dkv-modes input[value=points]').click()")
        browser.wait("document.querySelector('.dkv-scene canvas') !== null")
        # Both halves show points, of another colour than what is behind them.
        browser.wait("""(() => {
            const source = document.querySelector('.dkv-scene canvas');
            const copy = new OffscreenCanvas(source.width, source.height).getContext('2d');
            copy.drawImage(source, 0, 0);
            const half = source.width >> 1;
            return [0, half].every((left) => {
                const { data } = copy.getImageData(left, 0, half, source.height);
                let points = 0;
                for (let i = 0; i < data.length; i += 4) {
                    points += Math.abs(data[i] - 0x17) + Math.abs(data[i + 1] - 0x19) > 12;
                }
                return points > 500;
            });
        })()""")
        self.assertTrue(any(url.endswith("/points.js") for url in browser.requests))

    def test_a_view_that_ends_is_told(self):
        self.put_frames(range(1))
        view = self.begin("view", "rgb_0000.png", "depth_0000.png", "--model", "bicubic")
        browser = self.open(view)
        view.stop()
        browser.wait("!document.querySelector('.live-message').hidden")
        self.assertIn("does not answer", self.text(browser, ".live-message"))


if __name__ == "__main__":
    if chromium.PROGRAM is None:
        print("Chromium is not installed")
        sys.exit(77)
    main()
