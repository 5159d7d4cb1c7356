"""Going on from an earlier network; only where torch is installed."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not shipped")

from training.network import TabletopNetwork  # noqa: E402
from training.train import begin_with  # noqa: E402

_NEW = ("to16.3", "to32.2", "density", "detail", "regard", "embed_details")


def _random(seed):
    torch.manual_seed(seed)
    return TabletopNetwork(5).eval()


def test_random_weights_see_the_same_after_parts_are_added(tmp_path):
    """A checkpoint without the later parts: they add nothing until they are trained."""
    earlier = _random(0)
    older = {k: v for k, v in earlier.state_dict().items() if not k.startswith(_NEW)}
    torch.save({"average": older}, tmp_path / "old.pt")
    network = _random(1)
    begin_with(network, tmp_path / "old.pt")
    for part in (earlier.to16[3], earlier.to32[2]):
        torch.nn.init.zeros_(part.second[1].weight)
    torch.nn.init.zeros_(earlier.embed_details[2].weight)
    torch.nn.init.zeros_(earlier.embed_details[2].bias)
    picture, regions = torch.randn(1, 11, 64, 64), torch.ones(2, 16, 16)
    with torch.no_grad():
        told = zip(network(picture, regions)[:5], earlier(picture, regions)[:5], strict=True)
        for mine, theirs in told:
            torch.testing.assert_close(mine, theirs)


def test_random_weights_of_a_whole_checkpoint_are_taken_over(tmp_path):
    earlier, network = _random(0), _random(1)
    torch.save({"average": earlier.state_dict()}, tmp_path / "whole.pt")
    begin_with(network, tmp_path / "whole.pt")
    for name, value in earlier.state_dict().items():
        torch.testing.assert_close(network.state_dict()[name], value)
