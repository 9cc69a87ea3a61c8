#!/usr/bin/env python3
"""`dkn serve` and `dkn view` as a browser sees them. Usage: serve_test.py DKN [unittest options]"""

import array
import http.client
import json
import os
import re
import signal
import socket
import urllib.error
import urllib.request

from command import main, sanitized
from files import png_bytes, read_png
from frames import MODEL, depth, gray16, rgb, rgb24
from serving import ServingTest, records


class ServeTest(ServingTest):
    def test_a_folder_and_nothing_beside_it(self):
        os.makedirs(self.path("page"))
        self.put("page/index.html", b"<p>page</p>")
        self.put("page/x.wasm", b"\0asm")
        self.put("secret.txt", b"secret")
        os.symlink(self.path("secret.txt"), self.path("page/link.txt"))
        server = self.begin("serve", "page")
        self.assertEqual(server.get(""), b"<p>page</p>")
        with urllib.request.urlopen(server.url + "x.wasm") as answer:
            self.assertEqual(answer.headers["Content-Type"], "application/wasm")
            self.assertEqual(answer.headers["Cross-Origin-Embedder-Policy"], "require-corp")
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.request("GET", path)
            answer = connection.getresponse()
            self.assertEqual(answer.status, 404, path)
            self.assertNotIn(b"secret", answer.read())
            connection.close()
        self.assertEqual(self.contents().keys(),
                         {"page/index.html", "page/x.wasm", "page/link.txt", "secret.txt"})
        code, told = server.stop()
        self.assertEqual(code, 130)
        self.assertIn("stopped by SIGINT", told)

    def test_this_machine_alone(self):
        server = self.begin("serve", ".")
        addresses = {row[4][0] for row in socket.getaddrinfo(socket.gethostname(), server.port,
                                                             socket.AF_INET)}
        for address in addresses - {"127.0.0.1"}:
            with self.assertRaises(OSError):
                socket.create_connection((address, server.port), timeout=5)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/", headers={"Host": "evil.example"})
        self.assertEqual(connection.getresponse().status, 403)
        connection.close()
        self.assertEqual(server.stop(signal.SIGTERM)[0], 143)

    def test_failures(self):
        self.refuse("serve", "absent", naming="absent: is no folder")
        server = self.begin("serve", ".")
        self.refuse("serve", ".", "--port", str(server.port), naming="cannot be had")
        self.refuse("serve", ".", "--port", "65536", naming="0 to 65535")


class ViewTest(ServingTest):
    PATTERN = ("view", "rgb_%04d.png", "depth_%04d.png")

    def result_of(self, number, *options, model=MODEL):
        self.one("rgb_%04d.png" % number, "depth_%04d.png" % number, *options, model=model)
        picture, _ = read_png(self.path("one.png"))
        return array.array("H", picture.values).tobytes()

    def test_frames_are_the_results_of_upsample(self):
        self.put_frames(range(3))
        view = self.begin(*self.PATTERN, *MODEL, "--once")
        seen = {}
        with view.frames() as frames:
            for header, planes in frames:
                seen[header["name"]] = planes["result"]
                if header["ended"]:
                    break
        self.assertIn("depth_0002.png", seen)
        for name, result in seen.items():
            self.assertEqual(result, self.result_of(int(name[6:10])), name)
        self.assertEqual(view.stop()[0], 130)

    def test_the_first_record_has_all(self):
        self.put_frames(range(2))
        view = self.begin(*self.PATTERN, *MODEL)
        with view.frames() as frames:
            header, planes = next(frames)
        self.assertEqual(set(planes), {"guide", "input", "result", "confidence"})
        self.assertEqual(len(planes["guide"]), 32 * 24 * 3)
        self.assertEqual(len(planes["input"]), 8 * 6 * 4)
        self.assertEqual(set(header["ms"]), {"read", "guide", "network", "other", "page"})
        self.assertEqual(header["method"], "fdkn_x4")
        self.assertIn(b"<title>dkn view</title>", view.get(""))

    def test_options_change_results_and_the_command(self):
        self.put_frames(range(1))
        view = self.begin("view", "rgb_0000.png", "depth_0000.png", *MODEL)
        with view.frames() as frames:
            _, planes = next(frames)
            self.assertEqual(planes["result"], self.result_of(0))
            status, state = view.post("options", json.dumps({"model": "guided", "fidelity": 3}))
            self.assertEqual((status, state["controls"]["model"]), (200, "guided"))
            for header, planes in frames:
                if header["method"] == "guided":
                    break
        self.assertEqual(planes["result"],
                         self.result_of(0, "--fidelity", "3", model=("--model", "guided")))
        self.assertEqual(state["command"],
                         "dkn upsample rgb_0000.png depth_0000.png -o sharp.png --model guided "
                         "--fidelity 3 --precision fp32")
        for body, naming in (("{", "JSON"), ('{"model": "no_such"}', "no_such"),
                             ('{"holes": "dig"}', "dig"), ('{"fidelity": -1}', "fidelity"),
                             ('{"colour": 1}', "colour")):
            status, answer = view.post("options", body)
            self.assertEqual(status, 400, body)
            self.assertIn(naming, answer["error"])
        self.assertEqual(view.json("options")["controls"]["model"], "guided")

    def test_kernels_are_those_of_inspect(self):
        self.put_frames(range(1))
        view = self.begin("view", "rgb_0000.png", "depth_0000.png", *MODEL)
        kernel = view.json("kernel?x=13&y=9")
        text = self.succeed("inspect", "rgb_0000.png", "depth_0000.png", "--at", "13,9", *MODEL)
        rows = re.findall(r"^\| *\d+ *\| *([-\d.]+) *\| *([-\d.]+) *\| *([-+\d.]+) *\|", text, re.MULTILINE)
        self.assertEqual(len(kernel["taps"]), len(rows))
        for tap, row in zip(kernel["taps"], rows):
            for value, told in zip((tap["x"], tap["y"], tap["weight"]), row):
                self.assertAlmostEqual(value, float(told), delta=0.006)
        with self.assertRaises(urllib.error.HTTPError):
            view.get("kernel?x=99&y=9")

    def test_a_slow_reader_misses_frames_and_memory_stays(self):
        big = (320, 240)
        self.put("rgb.png", png_bytes(rgb(0, big), 8))
        frames_in = b"".join(gray16(depth(number, big)) for number in range(3))
        self.put("depth.raw", frames_in)
        view = self.begin("view", "rgb.png", "depth.raw", "--raw", "320x240", "--model", "bicubic",
                          "--fps", "200", "--threads", "1")
        slow = socket.create_connection(("127.0.0.1", view.port), timeout=60)
        self.addCleanup(slow.close)
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)
        slow.sendall(b"GET /frames HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        stream = slow.makefile("rb")
        while stream.readline().strip():
            pass
        with view.frames() as frames:
            for number, (header, _) in enumerate(frames):
                if number == 20:
                    before = view.resident_kb()
                if number > 20 and header["number"] > 120:
                    break
        # Had the 100 frames since, of 0.6 MB each, waited for the slow one, it would be 60 MB more.
        if not sanitized():
            self.assertLess(view.resident_kb(), before + 20000)

        class Unchunked:
            left = 0

            def read(self, count):
                if self.left == 0:
                    self.left = int(stream.readline() or b"0", 16)
                    if self.left == 0:
                        return b""
                part = stream.read(min(count, self.left))
                self.left -= len(part)
                if self.left == 0:
                    stream.readline()
                return part
        slow_frames = records(Unchunked())
        first, _ = next(slow_frames)
        self.assertEqual(first["dropped"], 0)
        dropped = 0
        for header, _ in slow_frames:
            dropped = header["dropped"]
            if dropped > 50:
                break
        self.assertGreater(dropped, 50)

    def test_a_stream_from_a_pipe(self):
        view_in = b"".join(rgb24(rgb(n)) + gray16(depth(n)) for n in range(2))
        read_end, write_end = os.pipe()
        os.write(write_end, view_in)
        view = self.begin("view", "-", "-", "--raw", "8x6:32x24", *MODEL, stdin=read_end)
        os.close(read_end)
        self.put_frames(range(2))
        with view.frames() as frames:
            for header, planes in frames:
                if header["name"] == "frame 2":
                    break
        self.assertEqual(planes["result"], self.result_of(1))
        os.close(write_end)

    def test_bad_frames_are_told_and_passed(self):
        self.put_frames(range(3))
        self.put("depth_0001.png", b"damaged")
        view = self.begin(*self.PATTERN, *MODEL, "--once")
        with view.frames() as frames:
            for header, _ in frames:
                if header["ended"]:
                    break
        self.assertEqual(header["name"], "depth_0002.png")
        self.assertIn("dkn: depth_0001.png", view.stop()[1])

    def test_failures_before_the_first_frame(self):
        self.put_frames(range(1))
        self.refuse("view", "rgb_0000.png", "absent.png", "--port", "0", naming="absent.png")
        self.refuse("view", "rgb_0000.png", "rgb_0000.png", "--port", "0", naming="rgb_0000.png")
        self.refuse("view", "rgb_0000.png", "depth_0000.png", "--model", "no_such", "--port", "0",
                    naming="no_such")
        self.put("depth_0000.png", b"damaged")
        self.refuse(*self.PATTERN, "--port", "0", naming="depth_0000.png")
        self.refuse("view", "rgb_0000.png", "depth_0000.png", "--confidence", "c.png",
                    naming="--confidence")
        self.refuse("view", "rgb_0000.png", "depth_0000.png", "--fps", "0", naming="0.01 to 1000")


if __name__ == "__main__":
    main()
