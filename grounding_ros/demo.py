"""The main job, shown: a live node, a bag played to it over DDS, and what it answers."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GroundingRosError, InputError
from grounding_ros.evaluation.report.page import Row, cells, page

_DISCOVERY_S = 20.0
_ANSWER_S = 5.0


def demo(bag: Path | None, output: Path, target_frame: str | None, rate: float) -> int:
    """Play a bag to a node of its own; print the table, write pictures and `index.html`.

    Parameters
    ----------
    bag
        A rosbag2 with an instruction topic; None: the packaged sample.
    output
        Folder for the pictures and the page.
    target_frame
        Frame of the 3D results; None: `base_link` where the bag has tf, else the image's.
    rate
        How much faster than it was recorded the bag is played.

    Returns
    -------
    0 when every instruction was answered, 1 otherwise.
    """
    from grounding_ros.evaluation.bags.reader import BagReader
    from grounding_ros.evaluation.bags.topics import find_topics
    from grounding_ros.ros.process import isolated_environment, node_process

    output.mkdir(parents=True, exist_ok=True)
    os.environ.update(isolated_environment(_fast_dds_profile()))
    with BagReader(bag or _sample()) as reader:
        topics = find_topics({name: topic.type for name, topic in reader.topics.items()})
        if not topics.instruction:
            raise InputError("bag: expected a topic `instruction` of std_msgs/String, got none")
        if target_frame is None:
            target_frame = "base_link" if "/tf_static" in reader.topics else ""
        parameters = {
            "target_frame": target_frame,
            "input.image_transport": topics.image_transport,
            "input.depth_transport": topics.depth_transport,
            "input.use_depth": bool(topics.depth),
            "input.reliability": "reliable",  # each frame is sent once and all of them count
        }
        log = output / "node.log"
        print(f"starting the node (its log: {log})", file=sys.stderr)
        with node_process(parameters, topics.remappings, log) as process:
            rows = _play(reader, topics, process, log, rate)
    _print_table(rows)
    _write(rows, output)
    print(f"\npictures and page: {output / 'index.html'}")
    return int(any(row.status == "silent" for row in rows))


def _sample() -> Path:
    from grounding_ros.evaluation.sample import sample_bag_path

    return sample_bag_path()


def _play(reader: Any, topics: Any, process: Any, log: Path, rate: float) -> list[Row]:
    from grounding_ros.evaluation.progress import progress
    from grounding_ros.ros.listener import ResultListener
    from grounding_ros.ros.player import BagPlayer
    from grounding_ros.ros.session import spinning

    rows: list[Row] = []
    with spinning("grounding_demo") as node:
        listener = ResultListener(node)
        recorded = [(name, topic.type) for name, topic in reader.topics.items()]
        player = BagPlayer(node, recorded, rate=rate)
        deaf = player.wait_for_listeners([topics.image, topics.instruction], _DISCOVERY_S)
        if deaf:
            raise GroundingRosError(
                f"the node does not listen to {', '.join(deaf)} after {_DISCOVERY_S:.0f} s "
                f"(exit status {process.poll()}); its log, {log}, says why"
            )

        sent = 0.0

        def before(topic: str, message: Any) -> None:
            nonlocal sent
            sent = time.monotonic()

        def after(topic: str, message: Any) -> None:
            if topic == topics.instruction:
                heard = listener.wait_for(message.data, after=sent, timeout_s=_ANSWER_S)
                rows.append(_row(message.data, sent, heard))

        total = sum(topic.count for topic in reader.topics.values())
        messages = progress(reader.raw_messages(), "playing the bag", total)
        player.play(messages, before=before, after=after)
    return rows


def _row(text: str, sent: float, heard: Any) -> Row:
    if heard is None:
        message = f"no answer within {_ANSWER_S:.0f} s"
        return Row(text, "silent", None, None, "", None, None, message, None)
    answer = heard.answer
    best = answer["chosen"][0] if answer["chosen"] else {}
    center = best.get("center_m")
    return Row(
        text=text,
        status=answer["status"],
        count=answer["count"],
        position=None if center is None else tuple(center),
        frame_id=answer["target_frame"],
        latency_ms=1e3 * (heard.at - sent),
        age_ms=answer["age_ms"],
        message=answer["question"] or answer["message"],
        picture=_picture(heard.debug_image),
    )


def _picture(message: Any) -> NDArray[np.uint8] | None:
    from grounding_ros.adapters.image import to_rgb

    return None if message is None else to_rgb(message)


def _print_table(rows: list[Row]) -> None:
    heads = ("instruction", "status", "count", "position, m", "latency, ms", "age, ms")
    lines = [heads, *(cells(row) for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(heads))]
    lines.insert(1, tuple("-" * width for width in widths))
    for text, status, *numbers in lines:
        padded = [text.ljust(widths[0]), status.ljust(widths[1])]
        padded += [cell.rjust(width) for cell, width in zip(numbers, widths[2:], strict=True)]
        print("  ".join(padded))


def _write(rows: list[Row], output: Path) -> None:
    for number, row in enumerate(rows, 1):
        if row.picture is not None:
            picture = cv2.cvtColor(row.picture, cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(output / f"{number:02d}.png"), picture)
    lead = "Instructions sent to a live grounding node over DDS, and what it published."
    text = page("grounding_ros: text to grounded 3D detections", lead, rows)
    (output / "index.html").write_text(text, encoding="utf-8")


def _fast_dds_profile() -> Path | None:
    """Give the player a shared-memory segment that holds many frames."""
    from grounding_ros.shared_files import share

    return share("config/fastdds.xml")
