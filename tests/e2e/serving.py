"""What the tests of `dkn serve` and `dkn view` share."""

import contextlib
import http.client
import json
import re
import signal
import struct
import subprocess
import urllib.request

import command
from frames import FramesTest


class Running:
    """A server that has begun."""

    def __init__(self, folder, *arguments, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen([command.DKN, *arguments, "--port", "0"], cwd=folder,
                                        stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise AssertionError(self.process.communicate()[1])
        self.port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", self.url).group(1))

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return answer.read()

    def json(self, path):
        return json.loads(self.get(path))

    def post(self, path, body):
        """Status and JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("POST", "/" + path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        return answer.status, json.loads(told)

    @contextlib.contextmanager
    def frames(self):
        """Records, as they come: header and planes by name."""
        with urllib.request.urlopen(self.url + "frames", timeout=60) as stream:
            yield records(stream)

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=60)
        return self.process.returncode, told

    def resident_kb(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def exactly(stream, count):
    data = b""
    while len(data) < count:
        part = stream.read(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def records(stream):
    while True:
        magic, length = struct.unpack("<4sI", exactly(stream, 8))
        assert magic == b"DKNF", magic
        header = json.loads(exactly(stream, length))
        planes = {plane["name"]: exactly(stream, plane["bytes"]) for plane in header["planes"]}
        if "number" in header:
            yield header, planes


class ServingTest(FramesTest):
    def begin(self, *arguments, **options):
        running = Running(self.folder, *arguments, **options)
        self.addCleanup(running.process.communicate)
        self.addCleanup(running.process.kill)
        return running
