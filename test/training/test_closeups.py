"""Close-ups as they are rendered, varied and learned; the last only where torch is installed."""

from argparse import Namespace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not shipped")

from grounding_ros.errors import BackendError  # noqa: E402
from grounding_ros.perception.grounders.tabletop_closeups import close_ups  # noqa: E402
from grounding_ros.perception.grounders.tabletop_inputs import inputs_of  # noqa: E402
from grounding_ros.scene import Frame  # noqa: E402
from training.closeup_samples import CloseUps, varied  # noqa: E402
from training.closeups import write  # noqa: E402
from training.export import load_names  # noqa: E402
from training.kinds import vocabulary  # noqa: E402
from training.render import render_world, table_plane  # noqa: E402
from training.train_names import SAVED, train  # noqa: E402


@pytest.fixture(scope="module")
def views():
    try:
        drawn = render_world(np.random.default_rng(4), frames=6, width=512)
        return [(view, world) for view, world in drawn if view.places]
    except BackendError as error:
        pytest.skip(f"MuJoCo cannot render here: {error}")


@pytest.fixture(scope="module")
def folder(views, tmp_path_factory):
    """The same few close-ups to learn and to validate with."""
    path = tmp_path_factory.mktemp("closeups")
    for split in ("train", "validation"):
        (path / split).mkdir()
        write(path / split / "world_00000.npz", views, np.random.default_rng(0))
    return path


def test_a_close_up_has_the_words_of_its_object(views, folder):
    _, _, truths = (data := CloseUps(folder / "train", vocabulary()))[np.arange(len(data))]
    things = [world.things[place.thing] for view, world in views for place in view.places]
    assert len(data) == len(things) >= 5
    for truth, thing in zip(truths.tolist(), things, strict=True):
        assert truth[vocabulary().index(thing.kind.name)] == 1


def test_unvaried_they_are_as_the_grounder_cuts_them_out(views, folder):
    data = CloseUps(folder / "train", vocabulary())
    pictures, measures = varied(*data[np.arange(len(data))][:2], None)
    first = 0
    rng = np.random.default_rng(0)
    for view, _ in views:
        plane = table_plane(view.camera, rng)
        frame = Frame(view.rgb, view.depth, view.camera.intrinsics)
        count = len(view.places)
        masks = view.instances == np.arange(1, count + 1)[:, None, None]
        own, told = close_ups(frame, inputs_of(frame, plane), masks)
        rows = slice(first, first + count)
        # The larger stored square is as many pixels as is rounded, so edges may be one off.
        assert np.median(np.abs(own - pictures[rows].numpy())) < 0.02
        assert np.abs(own[:, 3] - pictures[rows, 3].numpy()).mean() < 0.03
        np.testing.assert_allclose(told[:, :2], measures[rows, :2], atol=0.12)
        np.testing.assert_allclose(told[:, 2], measures[rows, 2], atol=0.08)
        first += count


def test_variations_follow_from_the_generator_and_stay_in_range(folder):
    data = CloseUps(folder / "train", vocabulary())
    pictures, measures, _ = data[np.zeros(200, np.intp)]
    one, two = (varied(pictures, measures, torch.Generator().manual_seed(3)) for _ in range(2))
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(one, two, strict=True))
    assert one[0].shape == (200, 10, 48, 48)
    assert torch.isfinite(one[0]).all() and torch.isfinite(one[1]).all()
    assert one[0][:, :3].abs().max() <= 2 and 0 <= one[0][:, 3].min() <= one[0][:, 3].max() <= 1
    blind = (one[0][:, 4:] == 0).flatten(1).all(dim=1)
    assert 8 <= blind.sum() <= 50  # twelve in a hundred
    assert (one[1][blind][:, [1, 3, 4, 5]] == 0).all()


def test_an_interrupted_training_ends_as_an_uninterrupted_one(folder, tmp_path):
    def run(out, steps):
        train(Namespace(data=folder, out=out, steps=steps, batch=4, rate=1e-3, seed=1, bf16=False))
        return torch.load(out / SAVED, weights_only=True)

    whole = run(tmp_path / "whole", 2)
    # What was made of the first step does not depend on how many follow, while the rate warms up.
    run(tmp_path / "parts", 1)
    parts = run(tmp_path / "parts", 2)
    assert parts["step"] == whole["step"] == 2
    for name, value in whole["average"].items():
        torch.testing.assert_close(parts["average"][name], value)
    assert load_names(tmp_path / "parts" / SAVED, vocabulary()).training is False


def test_names_that_were_trained_with_other_words_are_refused(folder, tmp_path):
    torch.save({"words": ["mug"]}, tmp_path / SAVED)
    with pytest.raises(ValueError, match="expected the words"):
        load_names(tmp_path / SAVED, vocabulary())


def test_a_folder_without_close_ups_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"training\.closeups"):
        CloseUps(tmp_path, vocabulary())
