"""The instruction as a small program: what to do with which object."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ordinal:
    """A place in a row: "second from the left"."""

    index: int
    """1 is the first."""
    side: str
    """Where counting starts: "left", "right", "front", "back", "top", "bottom" or "camera"."""


@dataclass(frozen=True)
class Relation:
    """A spatial relation to one or more anchors: "behind the box"."""

    predicate: str
    """The predicate's name: "behind", "left_of", "on", "between"..."""
    anchors: tuple[Phrase, ...]
    """What the relation is to; () for one to the picture or the scene: "on the left"."""
    immediate: bool = False
    """"immediately", "directly", "right": the nearest one on that side is meant."""


@dataclass(frozen=True)
class Phrase:
    """A noun phrase, taken apart."""

    text: str
    """As the user said it: "the second small red mug from the left"."""
    head: str
    """The head noun, singular: "mug"; "object" for "thing", "one", "object"."""
    attributes: tuple[str, ...] = ()
    """Adjectives and noun modifiers in the order they were said: ("small", "red")."""
    excluded: tuple[Phrase, ...] = ()
    """What it must not be: "not the green one"."""
    number: str | int = "one"
    """"one" ("the box"), "any" ("a box": whichever), "all" ("the boxes", "boxes") or how many."""
    bound: str = "exactly"
    """How `number` is meant when it is a number: "exactly", "at_least" or "at_most"."""
    reference: str = ""
    """"last" for "it" and "that one", "other" for "the other box": what the last answer chose."""
    ordinal: Ordinal | None = None
    superlative: str | None = None
    """"largest", "leftmost", "closest"..."""
    relations: tuple[Relation, ...] = ()
    alternatives: tuple[Phrase, ...] = ()
    """"a cup or a mug": the other ways to be right."""


@dataclass(frozen=True)
class Instruction:
    """A sentence as a program."""

    text: str
    """As it was heard."""
    task: str
    """"find", "pick", "place", "count", "verify" or "describe"."""
    target: Phrase | None
    """What is asked for; None when no noun phrase was found."""
    destination: Relation | None = None
    """Where to put it."""
    understood: bool = True
    """Whether a whole program was found."""
    leftover: str = ""
    """What of the sentence was not used."""
    reason: str = ""
    """Why it was not understood, a sentence without a full stop; "" when it was."""
    subject: Phrase | None = None
    """Of "verify": what the claim is about, without what is claimed; `target` has both."""
    viewer: str = ""
    """Whose left and right are meant: "" the camera's, "robot" the robot's."""


WHAT_IS_THIS = Instruction(
    "what is this?", "describe", Phrase("what is this?", "object", number="all")
)
"""What is asked when somebody points at a region of the picture: every object may be it."""
