"""Close-ups as they are rendered, varied and learned; the last only where torch is installed."""

from argparse import Namespace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not shipped")

from grounding_ros.errors import BackendError  # noqa: E402
from grounding_ros.perception.grounders.tabletop_closeups import (  # noqa: E402
    CHANNELS,
    MEASURES,
    close_ups,
)
from grounding_ros.perception.grounders.tabletop_inputs import inputs_of  # noqa: E402
from grounding_ros.perception.grounders.tabletop_network import Found  # noqa: E402
from grounding_ros.perception.segmenters.box import mask_boxes  # noqa: E402
from grounding_ros.scene import Frame  # noqa: E402
from training.closeup_samples import CloseUps, varied  # noqa: E402
from training.closeups import write  # noqa: E402
from training.export import load_names  # noqa: E402
from training.kinds import vocabulary  # noqa: E402
from training.names_network import NameNetwork  # noqa: E402
from training.render import render_world, table_plane  # noqa: E402
from training.train_names import SAVED, begin_with, refined_ious, train  # noqa: E402


@pytest.fixture(scope="module")
def views():
    try:
        drawn = render_world(np.random.default_rng(4), frames=6, width=512, painted=True)
        return [(view, world) for view, world in drawn if view.places]
    except BackendError as error:
        pytest.skip(f"MuJoCo cannot render here: {error}")


class Proposing:
    """Proposes the same rectangle in every frame, over whatever is there."""

    def look(self, picture, regions):
        masks = np.zeros((1, picture.shape[1] // 4, picture.shape[2] // 4), np.float32)
        masks[0, 30:50, 30:60] = 1
        one = np.ones((1, 4), np.float32)
        box = np.array([(120, 120, 240, 200)], np.float32)
        return Found(box, one[:, 0], masks, one, one[:0])


@pytest.fixture(scope="module")
def folder(views, tmp_path_factory):
    """The same few close-ups to learn and to validate with."""
    path = tmp_path_factory.mktemp("closeups")
    for split in ("train", "validation"):
        (path / split).mkdir()
        write(path / split / "world_00000.npz", views, Proposing(), np.random.default_rng(0))
    return path


def of_objects(views, data):
    """Rows of the true objects, which come first in each view: (view, rows)."""
    first, proposed = 0, (len(data) - sum(len(view.places) for view, _ in views))
    assert proposed >= len(views)
    ious = data[np.arange(len(data))].ious.numpy()
    for view, world in views:
        rows = np.arange(first, first + len(view.places))
        np.testing.assert_allclose(ious[rows], 1, atol=1e-6)
        yield view, world, rows
        first = rows[-1] + 1
        while first < len(data) and ious[first] < 1:
            first += 1


def test_a_close_up_has_the_words_and_colours_of_its_object(views, folder):
    data = CloseUps(folder / "train", vocabulary())
    for view, world, rows in of_objects(views, data):
        samples = data[rows]
        for place, words in zip(view.places, samples.words.tolist(), strict=True):
            assert words[vocabulary().index(world.things[place.thing].kind.name)] == 1
        assert samples.colors.min() >= 0 and samples.colors.max() <= 1
        assert (samples.colors.amax(dim=1) >= 0.5).float().mean() > 0.5
        assert (samples.inside > 0.9).all()


def test_of_a_proposal_it_is_known_how_far_it_is_an_object(views, folder):
    data = CloseUps(folder / "train", vocabulary())
    own = np.concatenate([rows for *_, rows in of_objects(views, data)])
    proposed = np.setdiff1d(np.arange(len(data)), own)
    samples = data[proposed]
    shared = (samples.pictures[:, 3] * samples.wholes).flatten(1).sum(dim=1)
    assert torch.equal(samples.ious > 0.02, shared > 10)
    # All that is shown of the object and of the mask is in the picture, so is their overlap.
    whole = samples.inside > 0.95
    both = (samples.pictures[:, 3] + samples.wholes).flatten(1).sum(dim=1) - shared
    torch.testing.assert_close((shared / both)[whole], samples.ious[whole], atol=0.06, rtol=0)


def test_unvaried_they_are_as_the_grounder_cuts_them_out(views, folder):
    data = CloseUps(folder / "train", vocabulary())
    rng = np.random.default_rng(0)
    for view, _, rows in of_objects(views, data):
        samples = varied(data[rows], None)
        frame = Frame(view.rgb, view.depth, view.camera.intrinsics)
        masks = view.instances == np.arange(1, len(view.places) + 1)[:, None, None]
        inputs = inputs_of(frame, table_plane(view.camera, rng))
        own, told = close_ups(frame, inputs, masks, mask_boxes(masks))
        rng.random()  # whether geometry proposed too
        # The larger stored square is as many pixels as is rounded, so edges may be one off.
        assert np.median(np.abs(own - samples.pictures.numpy())) < 0.02
        assert np.abs(own[:, 3] - samples.pictures[:, 3].numpy()).mean() < 0.03
        assert np.abs(own[:, 3] - samples.wholes.numpy()).mean() < 0.03
        np.testing.assert_allclose(told[:, :2], samples.measures[:, :2], atol=0.12)
        np.testing.assert_allclose(told[:, 2], samples.measures[:, 2], atol=0.08)
        np.testing.assert_allclose(told[:, 6:], samples.measures[:, 6:], atol=1e-6)


def test_variations_follow_from_the_generator_and_stay_in_range(folder):
    samples = CloseUps(folder / "train", vocabulary())[np.zeros(200, np.intp)]
    one, two = (varied(samples, torch.Generator().manual_seed(3)) for _ in range(2))
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(one, two, strict=True))
    assert one.pictures.shape == (200, 11, 48, 48) and one.wholes.shape == (200, 48, 48)
    assert all(torch.isfinite(part).all() for part in one)
    assert one.pictures[:, :3].abs().max() <= 2
    assert 0 <= one.pictures[:, 3].min() <= one.pictures[:, 3].max() <= 1
    blind = (one.pictures[:, 4:10] == 0).flatten(1).all(dim=1)
    assert 8 <= blind.sum() <= 50  # twelve in a hundred
    assert (one.measures[blind][:, [1, 3, 4, 5]] == 0).all()
    # Of scrambled colours nothing is known; a mask that was cut overlaps less.
    assert 8 <= (one.colors < 0).all(dim=1).sum() <= 45
    assert (one.ious <= samples.ious).all() and one.ious.min() < 0.8


def test_a_finer_mask_is_as_good_as_it_overlaps(folder):
    samples = varied(CloseUps(folder / "train", vocabulary())[np.zeros(3, np.intp)], None)
    right = samples.wholes * 2 - 1
    halved = right.clone()
    halved[:, :, :24] = -1
    told = refined_ious(torch.cat([right[:1], halved[1:2], -torch.ones_like(right[:1])]), samples)
    assert told[0] > 0.95 and 0.2 < told[1] < 0.8 and told[2] == 0


def test_an_interrupted_training_ends_as_an_uninterrupted_one(folder, tmp_path):
    def run(out, steps):
        train(
            Namespace(
                data=folder,
                out=out,
                steps=steps,
                batch=4,
                rate=1e-3,
                seed=1,
                bf16=False,
                start=None,
            )
        )
        return torch.load(out / SAVED, weights_only=True)

    whole = run(tmp_path / "whole", 2)
    # What was made of the first step does not depend on how many follow, while the rate warms up.
    run(tmp_path / "parts", 1)
    parts = run(tmp_path / "parts", 2)
    assert parts["step"] == whole["step"] == 2
    for name, value in whole["average"].items():
        torch.testing.assert_close(parts["average"][name], value)
    assert load_names(tmp_path / "parts" / SAVED, vocabulary()).training is False


def test_random_weights_that_saw_no_boxes_go_on_as_they_were(tmp_path):
    words = len(vocabulary())
    earlier = NameNetwork(words).eval().state_dict()
    for name in ("to2.0.0.weight", "mask.0.0.weight"):
        earlier[name] = earlier[name][:, :-1]
    torch.save({"average": earlier}, tmp_path / SAVED)
    network = NameNetwork(words).eval()
    begin_with(network, tmp_path / SAVED)
    pictures, measures = torch.rand(2, CHANNELS, 48, 48), torch.rand(2, MEASURES)
    boxed = pictures.clone()
    boxed[:, 10] = 1 - boxed[:, 10]
    with torch.no_grad():
        told, other = network(pictures, measures), network(boxed, measures)
    for name in ("words", "masks", "quality"):
        torch.testing.assert_close(getattr(told, name), getattr(other, name))
    torch.testing.assert_close(network.words.weight, earlier["words.weight"])


def test_names_that_were_trained_with_other_words_are_refused(folder, tmp_path):
    torch.save({"words": ["mug"]}, tmp_path / SAVED)
    with pytest.raises(ValueError, match="expected the words"):
        load_names(tmp_path / SAVED, vocabulary())


def test_a_folder_without_close_ups_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"training\.closeups"):
        CloseUps(tmp_path, vocabulary())
