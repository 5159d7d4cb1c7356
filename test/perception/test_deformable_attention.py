"""Deformable attention as a sum of rows, against transformers' own and by hand."""

import pytest

torch = pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from transformers.models.grounding_dino import modeling_grounding_dino as theirs  # noqa: E402

from grounding_ros.perception.models.deformable_attention import (  # noqa: E402
    deformable_attention,
    use_row_sums,
)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 2), st.integers(1, 3), st.integers(1, 9))
def test_it_is_what_transformers_computes_also_beyond_the_picture(seed, batch, heads, queries):
    torch.manual_seed(seed)
    shapes = [(5, 7), (3, 4), (1, 2)]
    value = torch.randn(batch, sum(h * w for h, w in shapes), heads, 6)
    locations = torch.rand(batch, queries, heads, 3, 2, 2) * 1.6 - 0.3
    weights = torch.rand(batch, queries, heads, 3, 2)
    expected = theirs.MultiScaleDeformableAttention()(
        value, None, shapes, None, locations, weights, 64
    )
    torch.testing.assert_close(
        deformable_attention(value, shapes, locations, weights), expected, rtol=1e-4, atol=1e-5
    )


def test_a_point_between_two_cells_is_their_mean_and_half_outside_is_half():
    value = torch.tensor([10.0, 20.0]).view(1, 2, 1, 1)  # one row of two cells
    between, edge = [0.5, 0.5], [0.0, 0.5]
    for place, expected in ((between, 15.0), (edge, 5.0)):
        locations = torch.tensor(place).view(1, 1, 1, 1, 1, 2)
        found = deformable_attention(value, [(1, 2)], locations, torch.ones(1, 1, 1, 1, 1))
        assert found.item() == pytest.approx(expected)


def test_every_deformable_attention_of_a_model_is_exchanged():
    model = torch.nn.ModuleList([theirs.MultiScaleDeformableAttention(), torch.nn.Linear(1, 1)])
    use_row_sums(model)
    assert model[0].forward.__module__ == deformable_attention.__module__
    assert model[1].forward.__func__ is torch.nn.Linear.forward
