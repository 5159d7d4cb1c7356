"""Which row goes with which column, so that all of it together costs least."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def assign(costs: NDArray[np.floating], limit: float) -> list[tuple[int, int]]:
    """Return one-to-one pairs (row, column) of least total cost, by rising row.

    To leave a row or a column alone costs as much as a pair at the limit, so that no pair is worth
    more than `limit`. The Hungarian method with shortest augmenting paths (Jonker and Volgenant,
    1987), cubic in the shorter side.

    Parameters
    ----------
    costs
        (N, M), at least 0; infinite or NaN where the two cannot go together.
    limit
        Pairs that cost this or more are left out.
    """
    table = np.nan_to_num(np.asarray(costs, np.float64), nan=np.inf)
    table = np.minimum(table, limit)
    if table.size == 0:
        return []
    nearest = table.argmin(axis=1).tolist()
    wanted = [(row, at) for row, at in enumerate(nearest) if table[row, at] < limit]
    if len({at for _, at in wanted}) == len(wanted):
        return wanted  # nobody competes: no other assignment can cost less
    if table.shape[0] > table.shape[1]:
        found = [(row, column) for column, row in _least(table.T)]
    else:
        found = _least(table)
    return sorted((row, column) for row, column in found if table[row, column] < limit)


def _least(table: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Give every row a column of its own; there are at least as many columns as rows."""
    rows, columns = table.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns + 1)
    owner = np.full(columns + 1, -1)  # the last column is where each path begins
    for row in range(rows):
        owner[columns] = row
        at, came_from = columns, np.full(columns, columns)
        nearest, done = np.full(columns, np.inf), np.zeros(columns + 1, bool)
        while owner[at] >= 0:
            done[at] = True
            here = owner[at]
            ahead = ~done[:columns]
            reduced = table[here] - row_price[here] - column_price[:columns]
            shorter = ahead & (reduced < nearest)
            nearest[shorter], came_from[shorter] = reduced[shorter], at
            following = int(np.where(ahead, nearest, np.inf).argmin())
            step = nearest[following]
            row_price[owner[done]] += step
            column_price[done] -= step
            nearest[ahead] -= step
            at = following
        while at != columns:
            owner[at] = owner[came_from[at]]
            at = int(came_from[at])
    return [(int(row), column) for column, row in enumerate(owner[:columns]) if row >= 0]
