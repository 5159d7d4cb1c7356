"""What was heard of a bag, scene by scene, judged where the truth is known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.record import SceneRecord
from grounding_ros.evaluation.runner import SceneResult, judged_scene
from grounding_ros.evaluation.work import Settings, scene_record
from grounding_ros.live.dialogue import Dialogue, Exchange
from grounding_ros.live.script import Script
from grounding_ros.live.survey import Found, heard_answer
from grounding_ros.scene import Answer, Detections, Frame, Objects3D, Status
from grounding_ros.simulation.truth import Expression, Scene

SILENT = "silent"
"""The status of an instruction to which no answer was heard."""


def judged_records(
    script: Script, dialogue: Dialogue, found: Sequence[Found], settings: Settings
) -> Iterator[SceneRecord]:
    """Yield every scene that has an instruction, judged as an offline evaluation does.

    An instruction without an answer is wrong, with the status `silent`.
    """
    assert script.truth is not None
    exchanges, surveyed = dialogue.exchanges(), iter(found)
    for scene in script.truth:
        if not scene.expressions:
            continue
        size = (scene.frame.height, scene.frame.width)
        answers: list[tuple[Expression, Answer]] = []
        silent: set[str] = set()
        for spoken in scene.expressions:
            exchange = next(exchanges)
            answers.append((spoken, _answer(exchange, size)))
            if exchange.heard is None:
                silent.add(spoken.id)
        seen = next(surveyed).detections()
        result = judged_scene(scene, TrueObjects.of(scene), seen, tuple(answers))
        yield _told(scene_record(script.path, result, settings), silent)


def unjudged_records(
    script: Script, dialogue: Dialogue, settings: Settings
) -> Iterator[SceneRecord]:
    """Yield every answer as a scene of its own, with nothing in it known to be true."""
    exchanges = dialogue.every_answer() if script.asked else dialogue.exchanges()
    for number, exchange in enumerate(exchanges):
        answer = _answer(exchange, None)
        name, id = f"{script.path.stem}-{number:06d}", f"{number:06d}"
        spoken = Expression(name, id, exchange.said.text, kind="", target_ids=())
        # The picture is with the camera; nobody asks for it here.
        frame = Frame(np.zeros((1, 1, 3), np.uint8))
        scene = Scene(name, frame, np.zeros((1, 1), np.uint16), (), (spoken,))
        record = scene_record(script.path, SceneResult(scene, ((spoken, answer),)), settings)
        yield _told(record, {id} if exchange.heard is None else ())


def _answer(exchange: Exchange, image_size: tuple[int, int] | None) -> Answer:
    if exchange.heard is not None:
        answer = heard_answer(exchange.heard, image_size)
        return replace(answer, timings_ms=exchange.timings_ms)
    return Answer(
        status=Status.FAILED,
        text=exchange.said.text,
        task="find",
        stamp_ns=exchange.said.stamp_ns,
        frame_id="",
        candidates=Detections.empty(image_size or (0, 0)),
        objects=Objects3D.absent(0, ""),
        message="no answer was heard",
    )


def _told(record: SceneRecord, silent: Collection[str]) -> SceneRecord:
    """Say of the instructions with these ids that nothing was heard."""
    return replace(
        record,
        judgements=tuple(
            replace(one, status=SILENT) if one.id in silent else one for one in record.judgements
        ),
        heard=tuple(
            replace(one, status=SILENT) if one.id in silent else one for one in record.heard
        ),
    )
