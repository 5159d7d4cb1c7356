"""What things do and what is done to them: "holding a cup", "held by a man"."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, relation_words, things, verb_words
from grounding_ros.language.coordination import read_anchors, relates
from grounding_ros.language.instruction import Relation
from grounding_ros.language.parts import past_pronoun, to_each
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.relations import read_relation
from grounding_ros.language.tables import rows
from grounding_ros.language.verbs import (
    FINITE,
    PAST,
    is_manner,
    is_past,
    is_present,
    present_participle,
)


def read_action(
    reader: Reader, at: int, scope: Scope, noun: str, *, finite: bool = False
) -> Modifier | None:
    """Read what a thing does or has done to it: "holding a cup", "held by a man".

    Parameters
    ----------
    reader, at, scope
        Where to read, and what may be taken in.
    noun
        What does it.
    finite
        Whether "holds" and "hold" are verbs here for certain.
    """
    at = past_adverbs(reader, at)
    word = reader.text(at)
    if word == "being":
        return read_action(reader, at + 1, scope, noun)
    named = participle(word, finite=finite)
    if named is None:
        return None
    active, verb = named
    here = past_adverbs(reader, at + 1)
    if active and relation_words.RELATIONS.at((verb, *reader.texts[at + 1 : at + 5]), 0):
        said = reader if word == verb else reader.saying(at, verb)
        if (found := read_relation(said, at, scope, noun)) is not None:
            return found
    if noun not in things.PEOPLE and (pose := _pose(reader, at, scope)) is not None:
        return pose
    if (word in verb_words.POSTURES or verb in verb_words.POSTURES) and (
        posed := read_relation(reader, here, scope, noun)
    ):
        if verb in _TELLING and not (posed.relations and posed.relations[0].predicate == "stacked"):
            posed = replace(posed, relations=(Relation(verb, ()), *posed.relations))
        return posed
    return (
        _object(reader, here, scope, noun, verb) if active else _passive(reader, here, scope, word)
    )


def _pose(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "standing", "lying flat", "lies on its side": how a thing is, not where."""
    pose = _POSES.get(reader.text(at))
    if pose is None:
        return None
    end = at + 1 + reader.row(at + 1, _POSED)
    if end > at + 1 and (place := read_relation(reader, end, scope, "")) is not None:
        return replace(place, attributes=(pose, *place.attributes))
    over = not reader.text(end) or reader.text(end) in {"and", "or", "but", ",", ".", "?"}
    return Modifier(end, attributes=(pose,)) if over else None


def participle(word: str, *, finite: bool) -> tuple[bool, str] | None:
    """Return whether the verb is active, and its -ing form."""
    if is_present(word):
        return True, word
    if word in FINITE:
        return True, present_participle(FINITE[word])
    if finite and word in verb_words.VERBS and word not in PAST:
        return True, present_participle(word)
    if is_past(word):
        return False, word
    if word in verb_words.VERBS:
        return True, present_participle(word)
    if finite and word.endswith("s") and len(word) > 3 and word.isalpha():
        return True, present_participle(word[:-1])
    return None


def _object(reader: Reader, at: int, scope: Scope, noun: str, verb: str) -> Modifier:
    """Read what is acted on: "holding a cup", "looking at the camera", "smiling"."""
    inner = scope.inner(clauses=scope.clauses and verb != "wearing")
    if reader.text(at) == "to" and (aim := _aim(reader, at + 1, scope, noun)) is not None:
        return replace(aim, relations=(Relation(verb, ()), *aim.relations))
    found = _with_preposition(reader, at, inner, verb) or _with_particle(reader, at, inner, verb)
    if found is not None:
        return found
    pronoun = reader.row(at, lexicon.PRONOUNS)
    if pronoun and not (reader.text(at) in lexicon.DEFINITE and reader.opens_name(at + 1)):
        return Modifier(at + pronoun, relations=(Relation(verb, ()),))
    if not relates(reader, at) and (read := read_anchors(reader, at, inner)) is not None:
        return Modifier(past_pronoun(reader, read[1]), relations=to_each(verb, read[0]))
    return Modifier(at, relations=(Relation(verb, ()),))


def _with_preposition(reader: Reader, at: int, inner: Scope, verb: str) -> Modifier | None:
    """Read "at the camera" of "looking at the camera"."""
    size = reader.row(at, verb_words.VERB_PREPOSITIONS, 2)
    if not size:
        return None
    name = f"{verb}_{'_'.join(reader.texts[at : at + size])}"
    if (read := reader.phrase(at + size, inner)) is not None:
        return Modifier(read[1], relations=(Relation(name, (read[0],)),))
    pronoun = reader.row(at + size, lexicon.PRONOUNS)
    return Modifier(at + size + pronoun, relations=(Relation(name, ()),)) if pronoun else None


def _with_particle(reader: Reader, at: int, inner: Scope, verb: str) -> Modifier | None:
    """Read "up a slice" of "picking up a slice", "up" of "looking up"."""
    if reader.text(at) not in verb_words.PARTICLES:
        return None
    name, after = f"{verb}_{reader.text(at)}", at + 1
    if reader.text(after) in lexicon.PRONOUNS and not reader.opens_name(after + 1):
        return Modifier(after + 1, relations=(Relation(name, ()),))
    if reader.is_article(after):
        read = read_anchors(reader, after, inner)
        return None if read is None else Modifier(read[1], relations=to_each(name, read[0]))
    while reader.text(after) in verb_words.PARTICLES and not reader.starts_phrase(after + 1):
        after += 1
    leads_on = reader.starts_phrase(after) and not is_present(reader.text(after))
    if leads_on and reader.text(at) in _PREPOSITIONS:
        return None
    return Modifier(after, relations=(Relation(name, ()),))


def _aim(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read "catch the ball" of "waiting to catch the ball"."""
    if reader.text(at) == "be":
        return read_action(reader, at + 1, scope, noun)
    acts = reader.is_article(at + 1) or not reader.is_content(at + 1)
    verb = reader.text(at) in verb_words.VERBS and acts
    return read_action(reader, at, scope, noun, finite=True) if verb else None


def _passive(reader: Reader, at: int, scope: Scope, verb: str) -> Modifier | None:
    """Read "held by a man", "covered in snow", "parked"."""
    inner = scope.inner(clauses=scope.clauses)
    link = reader.text(at)
    if link in {"by", "with", "in", "of", "to", "for", "from", "as", "into", "through", "up"}:
        if is_present(reader.text(at + 1)) and link == "by":
            return Modifier(at, relations=(Relation(verb, ()),))
        read = reader.phrase(at + 1, inner)
        if read is not None:
            name = "wearing" if verb == "dressed" and link in {"in", "with"} else f"{verb}_{link}"
            return Modifier(read[1], relations=(Relation(name, (read[0],)),))
        if pronoun := reader.row(at + 1, lexicon.PRONOUNS):
            return Modifier(at + 1 + pronoun, relations=(Relation(f"{verb}_{link}", ()),))
    if reader.text(at + 1) == "by" and (read := reader.phrase(at + 2, inner)) is not None:
        return Modifier(read[1], relations=(Relation(f"{verb}_{link}_by", (read[0],)),))
    if reader.text(at) in {"up", "down", "out", "off", "open", "together", "apart"}:
        at += 1
    return Modifier(at, relations=(Relation(verb, ()),))


def past_adverbs(reader: Reader, at: int) -> int:
    """Skip "almost", "getting ready to"; return where the next word is."""
    while size := reader.row(at, verb_words.ADVERBS, 3) or is_manner(reader, at):
        at += size
    return at


_POSES = {
    "standing": "standing", "stands": "standing", "stand": "standing", "lying": "lying",
    "lies": "lying", "lie": "lying", "laying": "lying",
}  # fmt: skip
_POSED = rows(
    "upright, up, up straight, flat, down, on its side, on their side, on its back, sideways"
)
_PREPOSITIONS = rows("in, on, through, by, off, over, around, inside, outside, along, down, up")
_TELLING = rows("walking, running, sleeping, grazing, floating, kneeling, crouching, squatting")
"""Postures that tell things apart: they stay beside the relation."""
