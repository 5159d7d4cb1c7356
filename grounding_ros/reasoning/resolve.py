"""The program executed: which objects the instruction means, or why that is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grounding_ros.errors import ShapeError
from grounding_ros.language import Instruction, Phrase, phrases_of
from grounding_ros.reasoning import sentences
from grounding_ros.reasoning.choice import admit, choose, guess, is_enough
from grounding_ros.reasoning.claims import verify
from grounding_ros.reasoning.contact import settled
from grounding_ros.reasoning.denotation import denote_one
from grounding_ros.reasoning.descriptions import describe
from grounding_ros.reasoning.fit import union
from grounding_ros.reasoning.layout import layout
from grounding_ros.reasoning.parameters import ReasoningParameters
from grounding_ros.reasoning.placing import place
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.second_count import with_second_count
from grounding_ros.reasoning.sight import Sight
from grounding_ros.scene import CameraPose, Detections, LastChoice, Objects3D, Status

TASKS = frozenset({"find", "pick", "place", "count", "verify", "describe"})
"""What can be executed."""

_DEFAULTS = ReasoningParameters()


def missing(instruction: Instruction, last: LastChoice | None = None) -> str:
    """Say why the program cannot be executed, a clause; "" when it can."""
    target = instruction.target
    if not instruction.understood or target is None:
        return instruction.reason or f'I do not understand "{instruction.leftover}"'
    if instruction.task not in TASKS:
        return f'I do not know yet how to do the task "{instruction.task}"'
    if instruction.task == "place" and instruction.destination is None:
        return "I do not know where to put it"
    if last is None:
        for phrase in (target, *target.alternatives):
            if phrase.reference:
                return f'I do not know what "{phrase.text}" is: I have not chosen anything before'
    return ""


def resolve(
    instruction: Instruction,
    detections: Detections,
    objects: Objects3D,
    parameters: ReasoningParameters = _DEFAULTS,
    *,
    pose: CameraPose | None = None,
    last: LastChoice | None = None,
    held: Sequence[int] = (),
) -> Resolution:
    """Decide which objects an instruction means.

    "The box" is ambiguous when several boxes fit about equally well, "a box" is the best one, "two
    boxes" are the best two and not found when there are fewer, "boxes" are all. A count of none is
    not found too, with count 0. Nothing is said to be absent unless every word was judged.
    `docs/reasoning.md` has the relations and how they are judged.

    Parameters
    ----------
    instruction
        The program.
    detections
        N objects, grounded for exactly `phrases_of(instruction)`, in that order.
    objects
        The same N objects in metres.
    parameters
        Threshold and margin.
    pose
        The camera in the frame of `objects`; None: that is the camera's own frame.
    last
        What the last answer chose, for "it" and "the other one".
    held
        The track ids that the last answer to this very instruction chose: of objects that fit
        equally well they are chosen again.

    Raises
    ------
    ShapeError
        When the detections were grounded for another number of phrases, or there are not as many
        objects as detections.
    """
    if why := missing(instruction, last):
        return Resolution(Status.NOT_UNDERSTOOD, message=sentences.not_understood(why))
    assert instruction.target is not None  # else it is missing
    columns = _columns(instruction, detections)
    if len(objects) != len(detections):
        raise ShapeError(
            f"objects: expected one a detection ({len(detections)}), got {len(objects)}; "
            "lift every detection"
        )
    robot = instruction.viewer == "robot"
    if robot and (why := _unseen(objects, pose, parameters)):
        return Resolution(Status.CANNOT_JUDGE, message=why, unjudged=("the robot's side",))
    with np.errstate(invalid="ignore"):  # objects without 3D are NaN
        around = settled(layout(detections, objects, pose, robot=robot))
        ids = detections.track_ids
        rows = tuple(ids.index(id) for id in held if id in ids)
        sight = Sight(detections, objects, around, columns, parameters, pose, last, rows)
        return _executed(instruction, instruction.target, sight)


def _executed(instruction: Instruction, target: Phrase, sight: Sight) -> Resolution:
    if instruction.task == "verify":
        return verify(instruction, sight)
    if instruction.task == "describe":
        return describe(target, sight)
    resolution = _chosen(target, sight)
    if instruction.task == "count":
        return with_second_count(resolution, sight.detections)
    if instruction.destination is not None:
        return place(resolution, instruction.destination, sight)
    return resolution


def _chosen(target: Phrase, sight: Sight) -> Resolution:
    """Choose among what fits any way to say the target."""
    ways = (target, *target.alternatives)
    fits = [denote_one(way, sight) for way in ways]
    judged = union([one for one in fits if not one.unjudged], sight.detections)
    unjudged = union([one for one in fits if one.unjudged], sight.detections)
    if unjudged.unjudged and not is_enough(judged, target):
        resolution = guess(target, unjudged)
    else:
        resolution = choose(target, judged, sight)
        resolution = admit(target, resolution, unjudged.unjudged)
    trace = tuple(step for one in fits for step in one.trace)
    return replace(
        resolution,
        anchors=tuple(dict.fromkeys((*judged.anchors, *unjudged.anchors))),
        trace=(*trace, f"{target.number}: {resolution.status.value}"),
    )


def _unseen(objects: Objects3D, pose: CameraPose | None, parameters: ReasoningParameters) -> str:
    """Say why the robot's left and right are not known; "" when they are."""
    if pose is None or pose.base_from_camera is None:
        why = "the camera's place on the robot is not known; set target_frame to the robot's frame"
    elif parameters.robot_frame and parameters.robot_frame != objects.frame_id:
        why = f'positions are in "{objects.frame_id}", not in "{parameters.robot_frame}"'
    else:
        return ""
    return f"I cannot judge how the robot sees it: {why}"


def _columns(instruction: Instruction, detections: Detections) -> Mapping[Phrase, int]:
    """Find where each phrase stands in the detections' matches."""
    phrases = phrases_of(instruction)
    if len(detections.phrases) != len(phrases):
        raise ShapeError(
            f"phrases: expected the {len(phrases)} of the instruction, "
            f"got {len(detections.phrases)}; ground all of phrases_of(instruction)"
        )
    return {phrase: column for column, phrase in enumerate(phrases)}
