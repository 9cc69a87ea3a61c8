"""Headless Chromium for tests, by its DevTools protocol over a pipe: no package is needed."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
           "--hide-scrollbars", "--no-first-run", "--remote-debugging-pipe",
           "--enable-unsafe-swiftshader"]  # WebGL without a graphics processor
TIMEOUT = 120  # seconds for any answer


class Page:
    """A tab of its own browser, to be closed."""

    def __init__(self, folder, width=1000, height=1000, scheme="light"):
        """`folder` takes the profile. `scheme`: "light" or "dark"."""
        self.console = []  # texts of messages, warnings and uncaught errors
        self.requests = []  # addresses
        self.last = 0
        self.answers = {}
        self.rest = b""
        # Chromium reads from descriptor 3 and writes to 4; here they are well above.
        theirs, self.to = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in os.pipe())
        self.come, reply = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in os.pipe())

        def place():
            os.dup2(theirs, 3)
            os.dup2(reply, 4)

        self.process = subprocess.Popen(
            [PROGRAM, *OPTIONS, "--user-data-dir=" + os.path.join(folder, "profile"),
             f"--window-size={width},{height}", "about:blank"],
            env={**os.environ, "HOME": folder}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=place, pass_fds=(3, 4))
        os.close(theirs)
        os.close(reply)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def close(self):
        """Ends the browser; may be called again."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
            os.close(self.to)
            os.close(self.come)

    def call(self, method, **parameters):
        """The answer to a command of the protocol."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session is not None:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + TIMEOUT
        while self.last not in self.answers:
            self.receive(until)
        answer = self.answers.pop(self.last)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def receive(self, until):
        ready, _, _ = select.select([self.come], [], [], max(0.0, until - time.monotonic()))
        part = os.read(self.come, 1 << 20) if ready else b""
        if not part:
            raise TimeoutError("Chromium says nothing")
        *messages, self.rest = (self.rest + part).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.note(message["method"], message["params"])

    def note(self, event, told):
        if event == "Runtime.consoleAPICalled":
            self.console.append(" ".join(str(arg.get("value")) for arg in told["args"]))
        elif event == "Runtime.exceptionThrown":
            self.console.append(str(told["exceptionDetails"]))
        elif event == "Log.entryAdded":
            self.console.append(told["entry"]["text"])
        elif event == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script):
        """What an expression of the page's language gives; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def wait(self, condition):
        """Until the expression is true."""
        until = time.monotonic() + TIMEOUT
        while not self.run(condition):
            if time.monotonic() > until:
                raise TimeoutError(condition)
            time.sleep(0.02)

    def screenshot(self, path):
        """Writes what is in sight, as a PNG."""
        answer = self.call("Page.captureScreenshot", format="png")
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
