"""What a model makes of texts, kept: commands repeat themselves, frames do not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 256


class TextFeatures(Generic[T]):
    """Knows the features of the texts that were asked last, 256 by default."""

    def __init__(self, compute: Callable[[Sequence[str]], Sequence[T]], most: int = _MOST) -> None:
        """Take what computes the features of texts, one each."""
        self._compute = compute
        self._most = most
        self._kept: OrderedDict[str, T] = OrderedDict()
        self.computed = 0
        """How many texts had to be computed."""

    def of(self, texts: Sequence[str]) -> list[T]:
        """Return the features of every text; those that are not known are computed together."""
        known = {text: self._kept[text] for text in texts if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= zip(new, self._compute(new), strict=True)
            self.computed += len(new)
        for text in texts:
            self._kept[text] = known[text]
            self._kept.move_to_end(text)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return [known[text] for text in texts]
