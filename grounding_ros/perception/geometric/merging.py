"""Patches to objects: the partition that the borders' weights speak for."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def merged(count: int, pairs: NDArray[np.int32], weights: NDArray[np.float32]) -> NDArray[np.int32]:
    """Join neighbours, the surest first, as long as more speaks for joining than against.

    Greedy additive edge contraction (Keuper et al., "Efficient decomposition of image and mesh
    graphs by lifted multicuts", ICCV 2015): when two nodes join, their borders to a third add
    up, so one doubtful convex contact cannot bridge a long concave one.

    Parameters
    ----------
    count
        Nodes are 0 ... count - 1.
    pairs, weights
        (E, 2) nodes, each pair once, and (E,) what speaks for (positive) or against joining.

    Returns
    -------
    NDArray[np.int32]
        (count,) one representative node of each node's group.
    """
    borders: list[dict[int, float]] = [{} for _ in range(count)]
    for (a, b), weight in zip(pairs.tolist(), weights.tolist(), strict=True):
        borders[a][b] = borders[b][a] = weight
    parent = list(range(count))
    queue = [
        (-w, a, b) for (a, b), w in zip(pairs.tolist(), weights.tolist(), strict=True) if w > 0
    ]
    heapq.heapify(queue)
    while queue:
        weight, a, b = heapq.heappop(queue)
        if borders[a].get(b) != -weight:
            continue  # one of them has been joined, or its border has grown, since
        if len(borders[a]) < len(borders[b]):
            a, b = b, a
        parent[b] = a
        for entry in _contract(borders, a, b):
            heapq.heappush(queue, entry)
    return np.array([_root(parent, node) for node in range(count)], np.int32)


def _contract(
    borders: list[dict[int, float]], keep: int, drop: int
) -> Iterable[tuple[float, int, int]]:
    """Move the borders of `drop` to `keep`; yield those that now speak for joining."""
    del borders[keep][drop]
    for other, weight in borders[drop].items():
        if other == keep:
            continue
        del borders[other][drop]
        total = borders[keep].get(other, 0.0) + weight
        borders[keep][other] = borders[other][keep] = total
        if total > 0:
            yield (-total, keep, other)
    borders[drop] = {}


def _root(parent: list[int], node: int) -> int:
    while parent[node] != node:
        node = parent[node]
    return node
