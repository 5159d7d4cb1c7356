"""Questions of yes and no: whether what is claimed is so, and the evidence."""

from __future__ import annotations

from grounding_ros.language import Instruction, Phrase, Relation
from grounding_ros.language.describer import counted, joined, with_article
from grounding_ros.reasoning import sentences
from grounding_ros.reasoning.counting import is_number
from grounding_ros.reasoning.denotation import denote
from grounding_ros.reasoning.fit import Fit
from grounding_ros.reasoning.ranked_claims import claimed
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.wording import name
from grounding_ros.scene import Status

_SHOWN = 3


def verify(instruction: Instruction, sight: Sight) -> Resolution:
    """Tell whether the target is there, in the number that is claimed.

    The answer is `grounded` when it is known, whatever it is: `chosen` is then what is as claimed,
    or what it was claimed of. It is `not_found` when there is nothing that the claim is about.
    """
    target = instruction.target
    assert target is not None  # else it is not executed
    subject = instruction.subject
    if subject is None:
        fitting = about = denote(target, sight, claim=True)
    else:
        about = denote(subject, sight, claim=True)
        fitting = claimed(target, subject, about, sight)
    trace = tuple(dict.fromkeys((*about.trace, *fitting.trace)))
    if words := tuple(dict.fromkeys((*about.unjudged, *fitting.unjudged))):
        return Resolution(
            Status.CANNOT_JUDGE,
            message=sentences.cannot_judge(words),
            unjudged=words,
            trace=trace,
        )
    truth = is_so(target, subject, about, fitting)
    chosen = fitting.rows or about.rows
    found = bool(chosen) or truth
    return Resolution(
        Status.GROUNDED if found else Status.NOT_FOUND,
        chosen,
        anchors=fitting.anchors,
        truth=truth,
        count=len(fitting.rows),
        message=f"{'yes' if truth else 'no'}, {_evidence(target, subject, about, fitting, sight)}",
        trace=(*trace, f"{target.number}: {'true' if truth else 'false'}"),
    )


def is_so(target: Phrase, subject: Phrase | None, about: Fit, fitting: Fit) -> bool:
    """Tell whether the number of objects that fit is the one that is claimed.

    "All" means every object that the claim is about, and that there is one.
    """
    count, wanted = len(fitting.rows), target.number
    if wanted == "all":
        return count > 0 and (subject is None or set(about.rows) <= set(fitting.rows))
    if not isinstance(wanted, int):
        return count > 0
    return is_number(count, wanted, target.bound)


def _evidence(
    target: Phrase, subject: Phrase | None, about: Fit, fitting: Fit, sight: Sight
) -> str:
    """Say what was seen: how many, which ones, and how they stand to their anchors."""
    if not about.rows:
        return sentences.not_found(subject or target, about.missing, sight.detections)
    if not fitting.rows:
        missing = fitting.missing or f"none is {with_article(name(target))}"
        return f"I see {counted(len(about.rows), name(subject or target))}, but {missing}"
    shown = [measured_to(row, target.relations, fitting, sight) for row in fitting.rows[:_SHOWN]]
    more = len(fitting.rows) - len(shown)
    listed = joined([*shown, *([f"{more} more"] if more else [])], "and")
    if target.number == "all" and subject is not None and len(about.rows) > len(fitting.rows):
        return f"only {len(fitting.rows)} of {len(about.rows)}: {listed}"
    return f"I see {listed}"


def measured_to(row: int, relations: tuple[Relation, ...], fitting: Fit, sight: Sight) -> str:
    """Name an object and say how far it is from what it was related to, in its viewer's words."""
    label = f"{sight.detections.labels[row] or 'object'} {sight.detections.ids[row]}"
    anchors = [anchor for anchor in fitting.anchors if anchor != row]
    if not relations or not anchors:
        return label
    anchor = anchors[0]
    other = f"{sight.detections.labels[anchor] or 'object'} {sight.detections.ids[anchor]}"
    layout = sight.layout
    if layout.measured[[row, anchor]].all():
        x, y, z = (100 * (layout.centers[row] - layout.centers[anchor])).tolist()
        ways = ((x, "right", "left"), (y, "behind", "in front"), (z, "higher", "lower"))
        parts = [f"{abs(way):.0f} cm {more if way > 0 else less}" for way, more, less in ways]
    else:
        u, v = (layout.middles[row] - layout.middles[anchor]).tolist()
        ways = ((u, "right", "left"), (-v, "higher", "lower"), (0.0, "", ""))
        parts = [
            f"{abs(way):.0f} pixels {more if way > 0 else less}" for way, more, less in ways[:2]
        ]
    return f"{label}, {joined(parts, 'and')} as seen from {other}"
