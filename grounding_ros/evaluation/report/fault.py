"""What is wrong with an answer, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from grounding_ros.evaluation.metrics.judgement import Judgement

_NO_ANSWER = {
    "failed": "failed",
    "not_understood": "sentence not understood",
    "cannot_judge": "a word not judged",
}


def fault(one: Judgement) -> str:
    """Say what is wrong with an answer; "" when it is right."""
    if one.exact:
        return ""
    if one.status in _NO_ANSWER:
        return _NO_ANSWER[one.status]
    if one.kind == "verify":
        return "wrong yes or no"
    if one.status == "not_found":
        return "said not to be there"
    if (one.status == "ambiguous") != (one.kind == "ambiguous"):
        return "asked, though clear" if one.status == "ambiguous" else "not asked, though unclear"
    return _set_fault(one.returned_ids, one.expected_ids)


def _set_fault(returned: Sequence[int | None], expected: Sequence[int]) -> str:
    """Compare the returned set with the expected one."""
    if not expected:
        return "found, though not there"
    if None in returned:
        return "an object that is none"
    right = set(returned) & set(expected)
    if not right:
        return "wrong object" if returned else "nothing returned"
    missing, extra = len(expected) - len(right), len(returned) - len(right)
    if missing and extra:
        return "some wrong"
    if missing:
        return "some missing"
    return "too many" if extra else "wrong place"
