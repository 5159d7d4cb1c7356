"""The losses; only where torch is installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not shipped")

from training.losses import (  # noqa: E402
    Truth,
    box_loss,
    density_loss,
    heat_loss,
    losses,
    mask_loss,
    noun_loss,
    roughened,
    word_loss,
)
from training.network import TabletopNetwork  # noqa: E402


@pytest.fixture
def truth():
    """Two objects in the first of two pictures of 8 x 16 cells."""
    masks = torch.zeros(2, 8, 16)
    masks[0, 1:5, 2:8] = 1
    masks[1, 2:6, 10:14] = 1
    return Truth(
        owner=torch.tensor([0, 0]),
        masks=masks,
        boxes=torch.tensor([[8.0, 4, 32, 20], [40, 8, 56, 24]]),
        middles=torch.tensor([[2, 4], [3, 11]]),
        words=torch.tensor([[1, 0, -1], [0, 1, 0]], dtype=torch.int8),
    )


def test_a_heat_map_with_the_right_peaks_costs_almost_nothing(truth):
    logits = torch.full((2, 8, 16), -12.0)
    for row, column in truth.middles:
        logits[0, row, column] = 12.0
    assert heat_loss(logits, truth).item() < 1e-3
    assert heat_loss(logits.flip(2), truth).item() > 1


def test_a_density_with_one_in_every_object_costs_nothing(truth):
    exact = torch.zeros(2, 8, 16)
    exact[0, 1:5, 2:8] = 1 / 24
    exact[0, 2:6, 10:14] = 1 / 16
    assert density_loss(exact, truth).item() == pytest.approx(0, abs=1e-5)
    empty = density_loss(torch.zeros(2, 8, 16), truth).item()
    assert empty == pytest.approx((2 / 3**0.5 + 2 / 3) / 2, abs=1e-4)  # of two pictures, one empty
    assert density_loss(exact.flip(2), truth).item() < empty  # the number is right, the place not


def test_exact_sides_cost_nothing_and_others_more(truth):
    x, y = 4 * (truth.middles[:, 1] + 0.5), 4 * (truth.middles[:, 0] + 0.5)
    left, top, right, bottom = truth.boxes.T
    sides = torch.stack([x - left, y - top, right - x, bottom - y], dim=1)
    assert box_loss(sides, truth).item() == pytest.approx(0, abs=1e-6)
    assert box_loss(sides * 2, truth).item() > box_loss(sides * 1.2, truth).item() > 0.05


def test_exact_masks_cost_almost_nothing(truth):
    exact = 24 * (truth.masks - 0.5)
    assert mask_loss(exact, truth.masks).item() < 1e-3
    assert mask_loss(-exact, truth.masks).item() > 1


def test_words_that_are_neither_do_not_count(truth):
    logits = torch.tensor([[9.0, -9, 9], [-9, 9, -9]])
    other = torch.tensor([[9.0, -9, -9], [-9, 9, -9]])
    assert word_loss(logits, truth.words).item() == word_loss(other, truth.words).item() < 1e-3


def test_a_true_noun_is_a_better_name_than_all_others():
    words = torch.tensor([[1, 0, -1, 1]])
    assert noun_loss(torch.tensor([[5.0, -5, -5, -5]]), words).item() < 1e-3
    assert noun_loss(torch.tensor([[-5.0, -5, -5, 5]]), words).item() < 1e-3
    for other in ([-5.0, 5, -5, -5], [-5.0, -5, 5, -5]):
        assert noun_loss(torch.tensor([other]), words).item() > 5


def test_what_has_no_noun_costs_nothing():
    assert noun_loss(torch.randn(1, 3), torch.tensor([[0, -1, 0]])).item() == 0


def test_rough_masks_are_never_empty_and_overlap_the_object(truth):
    torch.manual_seed(0)
    masks = truth.masks.repeat(100, 1, 1)
    rough = roughened(masks)
    assert ((rough * masks).sum(dim=(1, 2)) >= 2).all()
    assert not torch.equal(rough, masks)


def test_random_weights_learn_one_batch(truth):
    torch.manual_seed(1)
    network = TabletopNetwork(3)
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    pictures = torch.from_numpy(np.random.default_rng(0).standard_normal((2, 11, 32, 64)))
    nouns = torch.tensor([0, 1])
    history = []
    for _ in range(25):
        parts = losses(network, pictures.float(), truth, truth.masks, nouns)
        optimiser.zero_grad()
        sum(parts.values()).backward()
        optimiser.step()
        history.append({name: part.item() for name, part in parts.items()})
    for name in ("heat", "box", "mask", "word", "noun"):
        assert history[-1][name] < 0.7 * history[0][name], name


def test_pictures_without_objects_can_be_trained_on():
    network = TabletopNetwork(3)
    none = Truth(
        torch.zeros(0, dtype=torch.long), torch.zeros(0, 8, 16), torch.zeros(0, 4),
        torch.zeros(0, 2, dtype=torch.long), torch.zeros(0, 3, dtype=torch.int8),
    )  # fmt: skip
    parts = losses(network, torch.zeros(2, 11, 32, 64), none, none.masks, torch.tensor([0, 1]))
    assert parts["heat"].item() >= 0
