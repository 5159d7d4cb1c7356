"""The exported graphs against the network itself; only where torch and onnx are installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not shipped")
pytest.importorskip("onnx", reason="onnx is not shipped")
pytest.importorskip("onnxruntime", reason="onnxruntime is not shipped")

from grounding_ros.perception.grounders.tabletop_closeups import CHANNELS  # noqa: E402
from grounding_ros.perception.grounders.tabletop_network import OnnxNetwork  # noqa: E402
from training.export import Words, export  # noqa: E402
from training.kinds import KINDS, vocabulary  # noqa: E402
from training.names_network import NameNetwork  # noqa: E402
from training.network import TabletopNetwork  # noqa: E402


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A network with random weights and its exported graphs."""
    torch.manual_seed(3)
    network = TabletopNetwork(len(vocabulary())).train()
    with torch.no_grad():  # one look, so that the running statistics are not those of nothing
        network.look(torch.randn(2, 11, 192, 256))
        network.heat.weight *= 100  # scores far enough apart to come in the same order
    network.eval()
    named = Words(network, NameNetwork(len(vocabulary())).eval(), 0.7, 0.3, 0.5)
    folder = tmp_path_factory.mktemp("graphs")
    with pytest.warns():  # torch's own deprecations and notes about tracing
        export(network, named, vocabulary(), folder)
    return network, named, OnnxNetwork(folder)


@pytest.mark.parametrize("rows", [192, 160])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_random_weights_give_the_same_objects(pair, rows, count):
    network, _, exported = pair
    random = np.random.default_rng(count)
    picture = random.standard_normal((11, rows, 256)).astype(np.float32)
    regions = (random.random((count, rows // 4, 64)) < 0.1).astype(np.float32)
    found = exported.look(picture, regions)
    with torch.no_grad():
        expected = network(torch.from_numpy(picture)[None], torch.from_numpy(regions))
    own = (found.boxes, found.scores, found.masks, found.embeddings, found.region_embeddings)
    assert found.count == pytest.approx(float(expected[5].sum()), rel=1e-3)
    for mine, theirs in zip(own, expected[:5], strict=True):
        assert mine.shape == tuple(theirs.shape)
        np.testing.assert_allclose(mine, theirs.numpy(), atol=1e-3)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_random_weights_tell_the_same_of_close_ups(pair, count):
    _, named, exported = pair
    random = np.random.default_rng(count)
    shapes = (count, 96), (count, CHANNELS, 48, 48), (count, 9)
    objects = [random.random(shape).astype(np.float32) for shape in shapes]
    with torch.no_grad():
        expected = named(*map(torch.from_numpy, objects))
    assert expected.words.shape == (count, len(vocabulary()))
    assert expected.masks.shape == (count, 48, 48)
    for name, values in expected._asdict().items():
        np.testing.assert_allclose(
            getattr(exported.tell(*objects), name), values.numpy(), atol=1e-3, err_msg=name
        )


def test_both_networks_have_their_say_and_the_shifts_are_added(pair):
    network, named, _ = pair
    objects = [torch.rand(shape) for shape in ((4, 96), (4, CHANNELS, 48, 48), (4, 9))]
    with torch.no_grad():
        words, colors, *_ = named(*objects)
        far, (near, paint, *_) = network.words(objects[0]), named.names(*objects[1:])
    torch.testing.assert_close(colors, torch.sigmoid(paint + 0.5))
    odds = 0.7 * near + 0.3 * far
    of_no_kind = [vocabulary().index(word) for word in ("printed", "standing")]
    alone = torch.sigmoid(odds + 0.3)
    torch.testing.assert_close(words[:, of_no_kind], alone[:, of_no_kind])
    # "sphere" is said of balls only, "fruit" of the banana, the apple and the orange.
    kinds = [kind.name for kind in KINDS if kind.builders]
    share = torch.softmax(odds[:, [vocabulary().index(name) for name in kinds]], dim=1)
    for word, said_of in (("sphere", ["ball"]), ("fruit", ["banana", "apple", "orange"])):
        column = vocabulary().index(word)
        of_kinds = share[:, [kinds.index(name) for name in said_of]].sum(dim=1)
        torch.testing.assert_close(words[:, column], 0.4 * alone[:, column] + 0.6 * of_kinds)


def test_a_word_that_some_people_say_of_a_kind_counts(pair):
    """An orange is no ball by itself, but it is what "the ball" may mean."""
    named = pair[1]
    ball, orange = (vocabulary().index(word) for word in ("ball", "orange"))
    kinds = [kind.name for kind in KINDS if kind.builders]
    assert named.table[kinds.index("orange"), ball] == 1
    assert named.table[kinds.index("mug"), ball] == 0
    assert named.table[kinds.index("ball"), orange] == 0
