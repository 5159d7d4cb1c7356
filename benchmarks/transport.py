"""How many camera frames get lost between two processes, with config/fastdds.xml and without.

    python benchmarks/transport.py [--frames 300] [--size 640x480] [--pairs] [--json]

A camera process publishes best-effort rgb8 frames at 30 Hz, a listener process counts what arrives
(queue of 5, as the node's) and how old it is. Four runs: the profile on the publisher's side, on
the subscriber's, on both, on neither. With --pairs depth and camera_info are sent too, and a frame
counts when image and depth of the same stamp have both arrived.

arrived     frames that came, of those sent
p50, p95    milliseconds from the stamp, taken just before publishing, to the callback
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np
from camera import camera_process, with_profile

from grounding_ros.ros.process import isolated_environment

_SILENCE_S = 2.0
"""The listener ends after this long without a frame."""
_PATIENCE_S = 30.0
"""How long the listener waits for the first frame."""


def main() -> None:
    """Print the table of the four combinations."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--size", default="640x480", help="WIDTHxHEIGHT")
    parser.add_argument("--pairs", action="store_true", help="send depth too, count whole pairs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--listen", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.listen:
        print(json.dumps(listen(given.pairs)), flush=True)
        return
    os.environ.update(isolated_environment())
    combinations = [(False, False), (False, True), (True, False), (True, True)]
    runs = [measure(given, publisher, subscriber) for publisher, subscriber in combinations]
    if given.json:
        print(json.dumps(runs))
        return
    print(f"{'publisher':>9} {'subscriber':>10} {'sent':>5} {'arrived':>7} {'p50, ms':>8} p95, ms")
    for run in runs:
        sides = f"{run['publisher']:>9} {run['subscriber']:>10}"
        times = f"{run['p50_ms']:8.1f} {run['p95_ms']:7.1f}" if run["arrived"] else ""
        print(f"{sides} {run['sent']:5} {run['arrived']:7} {times}")


def measure(given: argparse.Namespace, publisher: bool, subscriber: bool) -> dict[str, Any]:
    """Send the frames through one combination of profiles."""
    command = [sys.executable, __file__, "--listen"] + ["--pairs"] * given.pairs
    listener = subprocess.Popen(
        command, env=with_profile(subscriber), stdout=subprocess.PIPE, text=True
    )
    sending = ["--frames", str(given.frames), "--scene", "noise", "--size", given.size]
    sending += [] if given.pairs else ["--color-only"]
    with camera_process(*sending, profile=publisher):
        try:
            heard, _ = listener.communicate(timeout=given.frames / 30 + 2 * _PATIENCE_S)
        finally:
            listener.kill()
    names = {True: "profile", False: "default"}
    sides = {"publisher": names[publisher], "subscriber": names[subscriber]}
    return {**sides, "sent": given.frames, **json.loads(heard)}


def listen(pairs: bool) -> dict[str, Any]:
    """Count the frames that arrive until there is silence."""
    from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
    from sensor_msgs.msg import CameraInfo, Image

    from grounding_ros.adapters.frame import stamp_ns
    from grounding_ros.ros.session import spinning

    qos = QoSProfile(
        depth=5, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.BEST_EFFORT
    )
    arrivals: dict[str, dict[int, int]] = {topic: {} for topic in ("image", "depth")[: 1 + pairs]}

    def arrived(topic: str, message: Any) -> None:
        arrivals[topic][stamp_ns(message.header)] = time.time_ns()

    with spinning("listener") as node:
        for topic in arrivals:
            node.create_subscription(Image, topic, lambda m, topic=topic: arrived(topic, m), qos)
        if pairs:
            node.create_subscription(CameraInfo, "camera_info", lambda message: None, qos)
        heard, since, patience_s = 0, time.monotonic(), _PATIENCE_S
        while time.monotonic() - since < patience_s:
            time.sleep(0.05)
            if len(arrivals["image"]) > heard:
                heard, since, patience_s = len(arrivals["image"]), time.monotonic(), _SILENCE_S
    whole = set.intersection(*map(set, arrivals.values()))
    ages = [max(times[stamp] for times in arrivals.values()) - stamp for stamp in whole]
    p50, p95 = np.percentile(ages, (50, 95)) / 1e6 if ages else (None, None)
    return {"arrived": len(whole), "p50_ms": p50, "p95_ms": p95}


if __name__ == "__main__":
    main()
