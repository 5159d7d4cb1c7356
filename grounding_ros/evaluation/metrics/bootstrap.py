"""How sure a share is: the bootstrap over scenes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_RESAMPLES = 2000
_SEED = 0


def interval95(values: Sequence[float], scenes: Sequence[str]) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of the mean of `values`, by the percentile bootstrap.

    Whole scenes are drawn, with replacement, since the instructions about one scene fail together
    (Efron and Tibshirani 1993, chapters 8 and 13). The draw is seeded: the same values give the
    same interval.

    Parameters
    ----------
    values
        N numbers.
    scenes
        The scene of each.

    Returns
    -------
    tuple[float, float] | None
        None with fewer than two scenes, which tell nothing about other scenes.
    """
    names, member = np.unique(np.array(scenes, str), return_inverse=True)
    if len(names) < 2:
        return None
    sums = np.bincount(member, np.asarray(values, float))
    counts = np.bincount(member)
    random = np.random.default_rng(_SEED)
    drawn = random.integers(0, len(names), (_RESAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)
