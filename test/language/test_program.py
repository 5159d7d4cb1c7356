import json

from grounding_ros.language import (
    Instruction,
    Ordinal,
    Phrase,
    Relation,
    parse,
    phrases_of,
    to_dict,
    to_json,
)

BOX, TIN, LID = Phrase("the box", "box"), Phrase("the tin", "tin"), Phrase("the lid", "lid")


def test_a_parsed_sentence_as_data():
    assert to_dict(parse("pick up a small red mug or the cup")) == {
        "task": "pick",
        "target": {
            "text": "a small red mug",
            "head": "mug",
            "attributes": ["small", "red"],
            "excluded": [],
            "number": "any",
            "bound": "exactly",
            "reference": "",
            "ordinal": None,
            "superlative": None,
            "relations": [],
            "alternatives": [
                {
                    "text": "the cup",
                    "head": "cup",
                    "attributes": [],
                    "excluded": [],
                    "number": "one",
                    "bound": "exactly",
                    "reference": "",
                    "ordinal": None,
                    "superlative": None,
                    "relations": [],
                    "alternatives": [],
                }
            ],
        },
        "destination": None,
        "subject": None,
        "viewer": "",
        "understood": True,
        "leftover": "",
    }


def test_every_part_of_a_program_as_data():
    target = Phrase(
        "the second box",
        "box",
        excluded=(LID,),
        number=2,
        ordinal=Ordinal(2, "left"),
        superlative="largest",
        relations=(Relation("behind", (TIN,)),),
    )
    data = to_dict(Instruction("", "place", target, Relation("on", (TIN,)), False, "quickly"))
    assert data["target"]["ordinal"] == {"index": 2, "from": "left"}
    assert data["target"]["superlative"] == "largest"
    assert data["target"]["number"] == 2
    assert data["target"]["excluded"][0]["head"] == "lid"
    assert data["target"]["relations"][0]["predicate"] == "behind"
    assert data["target"]["relations"][0]["anchors"][0]["head"] == "tin"
    assert data["target"]["relations"][0]["immediate"] is False
    assert data["destination"]["predicate"] == "on"
    assert (data["understood"], data["leftover"]) == (False, "quickly")


def test_a_part_is_not_grounded_apart():
    target = Phrase("the box with the lid", "box", relations=(Relation("with", (LID,)),))
    assert phrases_of(Instruction("", "find", target)) == (target,)


def test_one_line_of_json():
    text = to_json(parse("the\nmug \ud800"))
    assert "\n" not in text
    assert json.loads(text)["understood"] is False


def test_no_thing_no_phrases():
    assert phrases_of(parse("")) == ()
    assert to_dict(parse(""))["target"] is None


def test_each_phrase_is_grounded_once_the_target_first():
    target = Phrase(
        "a box or cup", "box", (), (LID,), relations=(Relation("on", (TIN,)),), alternatives=(BOX,)
    )
    instruction = Instruction("", "place", target, Relation("in", (TIN, BOX)))
    assert phrases_of(instruction)[0] == target
    assert sorted(phrase.text for phrase in phrases_of(instruction)) == [
        "a box or cup",
        "the box",
        "the lid",
        "the tin",
    ]
