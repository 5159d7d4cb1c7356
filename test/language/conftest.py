import pytest


@pytest.fixture
def program():
    """A function that says an instruction in one line."""
    return in_one_line


def in_one_line(instruction):
    """Say an instruction: "place: red MUG => on: TRAY"."""
    parts = [f"{instruction.task}: {said(instruction.target)}"]
    if instruction.destination is not None:
        parts.append(f"=> {relation(instruction.destination)}")
    if instruction.subject is not None:
        parts.append(f"| {said(instruction.subject)}")
    if instruction.viewer:
        parts.append(f"({instruction.viewer})")
    return " ".join(parts)


def said(phrase):
    """Say a phrase: "2 at_least red MUG [on TRAY] not(blue OBJECT)"; one of it goes unsaid."""
    parts = [] if phrase.number == "one" else [str(phrase.number)]
    if phrase.bound != "exactly":
        parts.append(phrase.bound)
    if phrase.reference:
        parts.append(f"<{phrase.reference}>")
    if phrase.ordinal is not None:
        parts.append(f"#{phrase.ordinal.index}@{phrase.ordinal.side}")
    if phrase.superlative is not None:
        parts.append(f"^{phrase.superlative}")
    parts += [*phrase.attributes, phrase.head.upper()]
    parts += [f"[{relation(each)}]" for each in phrase.relations]
    parts += [f"not({said(excluded)})" for excluded in phrase.excluded]
    parts += [f"or({said(other)})" for other in phrase.alternatives]
    return " ".join(parts)


def relation(each):
    """Say a relation: "behind! MUG", "between MUG and BOX"."""
    immediate = "!" if each.immediate else ""
    anchors = " and ".join(said(anchor) for anchor in each.anchors)
    return f"{each.predicate}{immediate} {anchors}".strip()
