"""Multi-scale deformable attention on a CPU: a weighted sum of rows of the feature maps.

transformers samples every level with grid_sample and keeps all samples to weigh them afterwards:
for a picture of 800x1066 that is 64 numbers a feature, written and read three times. A sample is a
mix of four cells, so each output is a weighted sum of rows, which embedding_bag forms without
keeping anything. The sums are the same but for their order.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def deformable_attention(
    value: Tensor,
    shapes: Sequence[tuple[int, int]],
    locations: Tensor,
    weights: Tensor,
) -> Tensor:
    """Return (B, Q, H * D), as Zhu et al. define it ("Deformable DETR", 2021).

    Parameters
    ----------
    value
        (B, S, H, D) features of all levels, S cells together.
    shapes
        (rows, columns) of each of the L levels.
    locations
        (B, Q, H, L, P, 2) x and y, 0 to 1 over the picture; beyond it the features are 0.
    weights
        (B, Q, H, L, P).
    """
    batch, cells, heads, depth = value.shape
    queries = locations.shape[1]
    rows, shares = [], []
    start = 0
    for level, (height, width) in enumerate(shapes):
        x = locations[:, :, :, level, :, 0] * width - 0.5
        y = locations[:, :, :, level, :, 1] * height - 0.5
        left, top = x.floor(), y.floor()
        right_share, low_share = x - left, y - top
        for down in (0, 1):
            row = top + down
            by_row = low_share if down else 1 - low_share
            for across in (0, 1):
                column = left + across
                share = by_row * (right_share if across else 1 - right_share)
                inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
                cell = row.clamp(0, height - 1) * width + column.clamp(0, width - 1)
                rows.append(cell.long() + start)
                shares.append(share * inside * weights[:, :, :, level])
        start += height * width
    table = value.permute(0, 2, 1, 3).reshape(-1, depth)
    # Where the cells of each picture and head begin in the table.
    first = torch.arange(batch * heads, device=value.device).view(batch, 1, heads, 1) * cells
    indices = torch.cat(rows, dim=-1) + first
    shared = torch.cat(shares, dim=-1).to(table.dtype)
    summed = nn.functional.embedding_bag(
        indices.view(-1, indices.shape[-1]),
        table,
        mode="sum",
        per_sample_weights=shared.view(-1, shared.shape[-1]),
    )
    return summed.view(batch, queries, heads * depth)


def use_row_sums(model: nn.Module) -> None:
    """Let every deformable attention of a transformers model on a CPU be reckoned so, in place."""
    for part in model.modules():
        if type(part).__name__ == "MultiScaleDeformableAttention":
            part.forward = _forward


def _forward(
    value: Tensor,
    value_spatial_shapes: Tensor,
    value_spatial_shapes_list: Sequence[tuple[int, int]],
    level_start_index: Tensor,
    sampling_locations: Tensor,
    attention_weights: Tensor,
    im2col_step: int,
) -> Tensor:
    """What transformers calls; the levels' starts and the step are those of its CUDA kernel."""
    return deformable_attention(
        value, value_spatial_shapes_list, sampling_locations, attention_weights
    )
