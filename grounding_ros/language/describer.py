"""Objects to words: what they are called, and what tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language.nouns import plural
from grounding_ros.scene import Detections, Objects3D

_APART = 0.04  # of the image's width or height: nearer centres are not told apart by left or right
_LARGER = 1.3  # ratio of volumes from which a person would say "larger"
_NAMED = 5  # kinds in one enumeration


@dataclass(frozen=True)
class Fact:
    """A relation that plainly holds."""

    row: int
    """Of which object."""
    words: str
    """"behind", "on"."""
    landmark: int
    """To which object."""


def with_article(noun: str) -> str:
    """Say "a red box", "an orange"."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def counted(number: int, noun: str) -> str:
    """Say "a red box" of one, "3 red boxes" of three."""
    return with_article(noun) if number == 1 else f"{number} {plural(noun)}"


def joined(parts: Sequence[str], conjunction: str) -> str:
    """Say "a", "a or b", "a, b or c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"


def enumeration(detections: Detections) -> str:
    """List everything that is seen, by kind: "a blue box and 2 white cans"; "nothing"."""
    kinds = sorted(Counter(label or "object" for label in detections.labels).items())
    named = [counted(number, kind) for kind, number in kinds[:_NAMED]]
    if len(kinds) > _NAMED:
        named.append("other things")
    return joined(named, "and") or "nothing"


def distinctions(
    detections: Detections,
    objects: Objects3D,
    rows: Sequence[int],
    facts: Sequence[Fact] = (),
) -> tuple[str, ...]:
    """Describe each object so that it fits no other of `rows`, by what is known of them.

    Names come first, then a word found true of one only, then left and right, top and bottom, and
    larger and smaller; where these do not tell all of them apart, relations to other objects.

    Parameters
    ----------
    detections, objects
        The same N objects in the image and in metres.
    rows
        Which of them to tell apart.
    facts
        Relations that hold, the best to say first.

    Returns
    -------
    tuple of str
        One description a row; () when nothing known tells them apart.
    """
    names = [detections.labels[row] or "object" for row in rows]
    described = [""] * len(rows)
    for name in set(names):
        group = [at for at, other in enumerate(names) if other == name]
        members = [rows[at] for at in group]
        words = [f"the {name}"] if len(group) == 1 else _within(detections, objects, members, name)
        words = words or [singled_out(detections, row, members, facts) for row in members]
        if not all(words):
            return ()
        for at, word in zip(group, words, strict=True):
            described[at] = word
    return tuple(described)


def singled_out(
    detections: Detections, row: int, others: Sequence[int], facts: Sequence[Fact] = ()
) -> str:
    """Return a short phrase that fits one object and none of the others; "" when there is none.

    The incremental algorithm of Dale and Reiter (1995): its name, then the words found true of it
    in the order in which they were found, then its relations to objects that have a name of their
    own. A word is said only if it rules out another object.
    """
    name = detections.labels[row] or "object"
    rivals = {other for other in others if other != row}
    rivals = {other for other in rivals if (detections.labels[other] or "object") == name}
    said: list[str] = []
    for word in detections.attributes[row]:
        left = {other for other in rivals if word in detections.attributes[other]}
        if len(left) < len(rivals) and word not in name.split() and " " not in name:
            said.append(word)
            rivals = left
    phrase, known = " ".join(("the", *said, name)), set(facts)
    for fact in facts:
        if not rivals:
            break
        landmark = detections.labels[fact.landmark]
        if fact.row != row or detections.labels.count(landmark) != 1 or not landmark:
            continue
        left = {other for other in rivals if replace(fact, row=other) in known}
        if len(left) < len(rivals):
            phrase, rivals = f"{phrase} {fact.words} the {landmark}", left
    return "" if rivals else phrase


def widest_side(detections: Detections, rows: Sequence[int]) -> str:
    """Tell where a person would start to count: "left", or "top" when the objects are stacked."""
    boxes = detections.boxes[list(rows)]
    across, down = np.ptp(boxes[:, 0] + boxes[:, 2]), np.ptp(boxes[:, 1] + boxes[:, 3])
    return "left" if across >= down else "top"


def _within(
    detections: Detections, objects: Objects3D, rows: Sequence[int], name: str
) -> list[str]:
    """Tell objects of one name apart; [] when that cannot be done."""
    own = _own_attributes(detections, rows, name)
    if all(own) and " " not in name:  # else "the green yellow box"
        return [f"the {word} {name}" for word in own]
    height, width = detections.image_size
    boxes = detections.boxes[list(rows)]
    places = (
        ((boxes[:, 0] + boxes[:, 2]) / 2 / width, _sides("left", "in the middle", "right")),
        ((boxes[:, 1] + boxes[:, 3]) / 2 / height, _sides("top", "in the middle", "bottom")),
    )
    for centres, sides in places:
        if words := _ordered(centres, sides.get(len(rows), ()), _APART):
            return [f"the {name} {word}" for word in words]
    with np.errstate(divide="ignore"):
        volumes = np.log(np.prod(objects.sizes[list(rows)], axis=1))
    sizes = ("smaller", "larger") if len(rows) == 2 else ()
    return [f"the {word} {name}" for word in _ordered(volumes, sizes, float(np.log(_LARGER)))]


def _own_attributes(detections: Detections, rows: Sequence[int], name: str) -> list[str]:
    """Return for each object one word that is true of it and of no other of `rows`, or ""."""
    count = Counter(word for row in rows for word in set(detections.attributes[row]))
    return [
        next((word for word in detections.attributes[row] if count[word] == 1 and word != name), "")
        for row in rows
    ]


def _sides(first: str, middle: str, last: str) -> dict[int, tuple[str, ...]]:
    ends = f"on the {first}", f"on the {last}"
    if first == "top":
        ends = "at the top", "at the bottom"
    return {2: ends, 3: (ends[0], middle, ends[1])}


def _ordered(values: NDArray[np.floating], words: Sequence[str], gap: float) -> list[str]:
    """Return the words in the order of the values; [] when two are closer than `gap`."""
    if len(words) != len(values) or not np.isfinite(values).all():
        return []
    order = np.argsort(values, kind="stable")
    if (np.diff(values[order]) < gap).any():
        return []
    place = {int(at): word for at, word in zip(order, words, strict=True)}
    return [place[at] for at in range(len(values))]
