"""The answer of several cameras as the JSON of `~/answer`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grounding_ros.adapters.answer_json import object_document
from grounding_ros.scene.merged_answer import MergedAnswer

SCHEMA = "grounding_ros/merged_answer/1"


def merged_json(merged: MergedAnswer, program: Mapping[str, Any], seq: int) -> str:
    """Write a merged answer as strict JSON; `docs/answer.md` has the keys.

    Parameters
    ----------
    merged
        The answer.
    program
        The instruction as plain data, `language.to_dict`.
    seq
        Which instruction it answers, counted by the node.
    """
    any_answer = next(iter(merged.answers.values()))
    chosen = [
        {
            **object_document(merged.answers[view.camera], view.row),
            "id": str(number),
            "camera": view.camera,
            "seen_by": view.seen_by,
        }
        for number, view in enumerate(merged.chosen, start=1)
    ]
    seconds, nanoseconds = divmod(newest_stamp_ns(merged), 1_000_000_000)
    document = {
        "schema": SCHEMA,
        "text": any_answer.text,
        "instruction_seq": seq,
        "status": merged.status.value,
        "task": any_answer.task,
        "count": merged.count,
        "truth": merged.truth,
        "message": merged.message,
        "question": merged.question,
        "chosen": chosen,
        "cameras": {
            **{name: answer.status.value for name, answer in merged.answers.items()},
            **dict.fromkeys(merged.silent),
        },
        "program": program,
        "trace": merged.trace,
        "stamp": {"sec": seconds, "nanosec": nanoseconds},
        "target_frame": (merged.best or any_answer).objects.frame_id,
    }
    return json.dumps(document, allow_nan=False)


def newest_stamp_ns(merged: MergedAnswer) -> int:
    """Return the stamp of the newest picture it rests on, nanoseconds."""
    return max(answer.stamp_ns for answer in merged.answers.values())
