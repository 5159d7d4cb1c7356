"""A page of a running Chromium, spoken to in its own DevTools protocol."""

import base64
import itertools
import json
import time
from contextlib import suppress

import cv2
import numpy as np

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-background-networking", "--remote-debugging-port=0"),
)
PATIENCE_S = 30.0


class Page:
    """One page of a running Chromium."""

    def __init__(self, socket):
        self.socket = socket
        self.session = None
        self.numbers = itertools.count(1)
        self.events = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method, **parameters):
        """Send a command and return its result; what happens meanwhile is kept in `events`."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            reply = json.loads(self.socket.recv(timeout=PATIENCE_S))
            if reply.get("id") == number:
                assert "error" not in reply, reply["error"]
                return reply["result"]
            self.events.append(reply)

    def open(self, url):
        self.events.clear()
        self.ask("Page.navigate", url="about:blank")  # else a new hash alone loads nothing
        self.ask("Page.navigate", url=url)
        self.wait(f"document.readyState === 'complete' && location.href === {json.dumps(url)}")

    def run(self, script):
        """Return the value of an expression in the page."""
        given = {"expression": script, "returnByValue": True, "awaitPromise": True}
        reply = self.ask("Runtime.evaluate", **given)
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    def wait(self, script):
        end = time.monotonic() + PATIENCE_S
        while not self.run(script):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.02)

    def click(self, selector):
        """Press the mouse in the middle of an element: whatever covers it gets the click."""
        x, y = self.run(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{block: "center", behavior: "instant"}});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            given = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self.ask("Input.dispatchMouseEvent", **given)

    def press(self, key, **more):
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, **more)

    def size(self, width, height=800):
        given = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **given)

    def scheme(self, value):
        features = [{"name": "prefers-color-scheme", "value": value}]
        self.ask("Emulation.setEmulatedMedia", features=features)

    def scripts(self, allowed):
        self.ask("Emulation.setScriptExecutionDisabled", value=not allowed)

    def image(self):
        """What is seen in the window, (H, W, 3) RGB."""
        data = base64.b64decode(self.ask("Page.captureScreenshot")["data"])
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]

    @property
    def complaints(self):
        """What was logged as an error or a warning, or thrown."""
        self.run("0")  # whatever has happened has been told before this is answered
        bad = []
        for event in self.events:
            told = event.get("params", {})
            is_bad = (
                (event["method"] == "Runtime.consoleAPICalled" and told["type"] != "log")
                or event["method"] == "Runtime.exceptionThrown"
                or (event["method"] == "Log.entryAdded" and told["entry"]["level"] != "info")
            )
            bad += [told] if is_bad else []
        return bad

    @property
    def requests(self):
        """The addresses that were asked for since the page was opened, those inside it left out."""
        self.run("0")
        sent = [e for e in self.events if e["method"] == "Network.requestWillBeSent"]
        urls = [event["params"]["request"]["url"] for event in sent]
        return [url for url in urls if not url.startswith("data:") and url != "about:blank"]


def address_of(file, process):
    """The port and the path that Chromium writes down when it listens."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        assert process.poll() is None, f"Chromium ended with {process.poll()}"
        with suppress(FileNotFoundError, ValueError):
            port, path = file.read_text().split()
            return port, path
        time.sleep(0.05)
    raise TimeoutError(f"Chromium did not listen within {PATIENCE_S} s")
