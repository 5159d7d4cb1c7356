"""What a thing must not be: "but not the green one", "except the mug"."""

from __future__ import annotations

from grounding_ros.language import lexicon
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.tables import rows

_EXCEPT = rows(
    "not, but not, and not, except, except for, but, other than, excluding, apart from, besides, "
    "aside from, rather than, instead of, without counting"
)
_NOT = rows("not, but not, and not")


def read_exclusion(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read what is left out; None where nothing is."""
    here = at + (reader.text(at) == ",")
    size = reader.row(here, _EXCEPT, 2)
    if scope.depth or not size:
        return None
    end = here + size
    if reader.starts_phrase(end) or reader.text(end) in lexicon.PRONOUNS:
        read = reader.phrase(end, scope.inner())
        if read is not None:
            return Modifier(read[1], excluded=(read[0],))
    if " ".join(reader.texts[here:end]) not in _NOT:
        return None
    return read_claim(reader, end, scope, "object", negative=True)
