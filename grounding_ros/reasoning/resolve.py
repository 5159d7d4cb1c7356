"""The program executed: which objects the instruction means, or why that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grounding_ros.errors import ShapeError
from grounding_ros.language import Instruction, Phrase, phrases_of
from grounding_ros.reasoning import sentences
from grounding_ros.reasoning.choice import admit, choose, guess, is_enough
from grounding_ros.reasoning.fit import fit, union
from grounding_ros.reasoning.parameters import ReasoningParameters
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.scene import Detections, Objects3D, Status

TASKS = frozenset({"find", "pick", "count"})
"""What can be executed so far."""

_DEFAULTS = ReasoningParameters()


def missing(instruction: Instruction) -> str:
    """Say why the program cannot be executed, a clause; "" when it can."""
    target = instruction.target
    if not instruction.understood or target is None:
        return instruction.reason or f'I do not understand "{instruction.leftover}"'
    if instruction.task not in TASKS or instruction.destination is not None:
        return f'I do not know yet how to do the task "{instruction.task}"'
    for phrase in (target, *target.alternatives):
        if phrase.relations or phrase.ordinal or phrase.superlative or phrase.excluded:
            return f'I do not know yet how to find "{phrase.text}"'
    return ""


def resolve(
    instruction: Instruction,
    detections: Detections,
    objects: Objects3D,
    parameters: ReasoningParameters = _DEFAULTS,
) -> Resolution:
    """Decide which objects an instruction means.

    "The box" is ambiguous when several boxes fit about equally well, "a box" is the best one, "two
    boxes" are the best two and not found when there are fewer, "boxes" are all. A count of none is
    not found too, with count 0. Nothing is said to be absent unless every word was judged.

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

    Raises
    ------
    ShapeError
        When the detections were grounded for another number of phrases.
    """
    if why := missing(instruction):
        return Resolution(Status.NOT_UNDERSTOOD, message=sentences.not_understood(why))
    assert instruction.target is not None  # else it is missing
    target, threshold = instruction.target, parameters.match_threshold
    columns = _columns(instruction, detections)
    ways = (target, *target.alternatives)
    fits = [fit(way, columns[way], detections, threshold) for way in ways]
    judged = union([one for one in fits if not one.unjudged], detections, threshold)
    unjudged = union([one for one in fits if one.unjudged], detections, threshold)
    if unjudged.unjudged and not is_enough(judged, target):
        resolution = guess(target, unjudged)
    else:
        margin = parameters.ambiguity_margin
        resolution = choose(target, judged, detections, objects, margin)
        resolution = admit(target, resolution, unjudged.unjudged)
    trace = tuple(sentences.step(way, one) for way, one in zip(ways, fits, strict=True))
    return replace(resolution, trace=(*trace, f"{target.number}: {resolution.status.value}"))


def _columns(instruction: Instruction, detections: Detections) -> Mapping[Phrase, int]:
    """Find where each phrase stands in the detections' matches."""
    phrases = phrases_of(instruction)
    if len(detections.phrases) != len(phrases):
        raise ShapeError(
            f"phrases: expected the {len(phrases)} of the instruction, "
            f"got {len(detections.phrases)}; ground all of phrases_of(instruction)"
        )
    return {phrase: column for column, phrase in enumerate(phrases)}
