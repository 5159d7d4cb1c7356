"""The exported graphs against the network itself; only where torch and onnx are installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not shipped")
pytest.importorskip("onnx", reason="onnx is not shipped")
pytest.importorskip("onnxruntime", reason="onnxruntime is not shipped")

from grounding_ros.perception.grounders.tabletop_network import OnnxNetwork  # noqa: E402
from training.export import export  # noqa: E402
from training.kinds import vocabulary  # noqa: E402
from training.network import TabletopNetwork, WordScores  # noqa: E402


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A network with random weights and its exported graphs."""
    torch.manual_seed(3)
    network = TabletopNetwork(len(vocabulary())).train()
    with torch.no_grad():  # one look, so that the running statistics are not those of nothing
        network.look(torch.randn(2, 11, 192, 256))
        network.heat.weight *= 100  # scores far enough apart to come in the same order
    network.eval()
    folder = tmp_path_factory.mktemp("graphs")
    with pytest.warns():  # torch's own deprecations and notes about tracing
        export(network, vocabulary(), folder)
    return network, OnnxNetwork(folder)


@pytest.mark.parametrize("rows", [192, 160])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_random_weights_give_the_same_objects(pair, rows, count):
    network, exported = pair
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


def test_random_weights_give_the_same_truths_of_words(pair):
    network, exported = pair
    embeddings = np.random.default_rng(0).standard_normal((5, 96)).astype(np.float32)
    own = exported.truths(embeddings)
    with torch.no_grad():
        expected = torch.sigmoid(network.words(torch.from_numpy(embeddings)))
    np.testing.assert_allclose(own, expected.numpy(), atol=1e-3)


def test_a_phrase_is_as_true_as_its_least_true_word(pair):
    scores = WordScores(pair[0].words)
    embeddings = torch.randn(4, 96)
    phrases = torch.zeros(2, len(vocabulary()))
    phrases[0, [2, 5]] = 1
    with torch.no_grad():
        matches = scores(embeddings, phrases)
        truths = torch.sigmoid(pair[0].words(embeddings))
    torch.testing.assert_close(matches[:, 0], truths[:, [2, 5]].amin(dim=1))
    assert (matches[:, 1] == 1).all()
