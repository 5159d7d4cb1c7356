import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import samples
from training.samples import batch_of, picture_of
from training.shards import MOST_OBJECTS, Sample, Shards, write_shard

WORDS = ("box", "mug")


def sample(seed=0, rows=32, columns=64):
    rng = np.random.default_rng(seed)
    instances = np.zeros((rows, columns), np.uint8)
    instances[4:12, 8:24] = 1
    instances[16:28, 40:44] = 2
    words = np.full((MOST_OBJECTS, len(WORDS)), -2, np.int8)
    words[:2] = [(1, 0), (-1, 1)]
    rgb = rng.integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    geometry = rng.integers(-100, 100, (8, rows, columns)).astype(np.int8)
    return Sample(rgb, geometry, instances, words)


@pytest.fixture
def shards(tmp_path):
    write_shard(tmp_path / "world_00000", [sample(0), sample(1)], WORDS)
    write_shard(tmp_path / "world_00001", [sample(2)], WORDS)
    return Shards(tmp_path, WORDS)


def test_what_is_written_is_read(shards):
    assert len(shards) == 3
    for index in range(3):
        for name in ("rgb", "geometry", "instances", "words"):
            np.testing.assert_array_equal(
                getattr(shards[index], name), getattr(sample(index), name)
            )


def test_an_interrupted_shard_is_not_read(shards, tmp_path):
    (tmp_path / "world_00002.part").mkdir()
    assert len(Shards(tmp_path, WORDS)) == 3


def test_no_shards_and_other_words_are_refused(tmp_path, shards):
    with pytest.raises(ValueError, match="rendered worlds"):
        Shards(tmp_path / "nothing", WORDS)
    (tmp_path / "world_00001" / "words.json").write_text(json.dumps(["cup"]))
    with pytest.raises(ValueError, match="render anew"):
        Shards(tmp_path, WORDS)


def test_objects_of_a_batch(shards):
    batch = batch_of(shards, np.array([0, 2]), None)
    assert batch.pictures.shape == (2, 11, 32, 64)
    assert batch.owner.tolist() == [0, 0, 1, 1]
    assert batch.boxes[:2].tolist() == [[8, 4, 24, 12], [40, 16, 44, 28]]
    assert batch.masks[0].sum() == 2 * 4
    assert batch.masks[0, 1:3, 2:6].min() == 1
    assert batch.middles[1].tolist() == [5, 10]
    assert batch.words[:2].tolist() == [[1, 0], [-1, 1]]


def test_a_picture_without_objects_has_no_rows(tmp_path):
    empty = sample()
    write_shard(
        tmp_path / "world_00000",
        [Sample(empty.rgb, empty.geometry, np.zeros_like(empty.instances), empty.words)],
        WORDS,
    )
    batch = batch_of(Shards(tmp_path, WORDS), np.array([0]), None)
    assert batch.masks.shape == (0, 8, 16)
    assert batch.words.shape == (0, 2)


def test_a_picture_has_colour_about_zero_and_geometry_in_its_units():
    one = sample()
    picture = picture_of(one)
    assert picture[0, 3, 5] == pytest.approx(one.rgb[3, 5, 0] / 64 - 2)
    assert picture[4, 3, 5] == pytest.approx(one.geometry[1, 3, 5] / 40)


@given(seed=st.integers(0, 10_000))
def test_a_varied_object_keeps_its_words_and_its_mask_in_its_box(seed):
    varied = samples._varied(sample(), np.random.default_rng(seed))
    assert varied.rgb.shape == (*samples.CROP, 3)
    assert varied.geometry.shape == (8, *samples.CROP)
    masks, boxes, middles, words = samples._objects(varied)
    for mask, box, (row, column), own in zip(masks, boxes, middles, words, strict=True):
        assert mask[row, column] > 0
        assert own.tolist() in ([1, 0], [-1, 1], [-1, -1])
        rows, columns = np.nonzero(mask)
        assert columns.min() * 4 >= box[0] - 4 and (columns.max() + 1) * 4 <= box[2] + 4
        assert rows.min() * 4 >= box[1] - 4 and (rows.max() + 1) * 4 <= box[3] + 4


def test_of_an_object_that_is_mostly_cut_off_no_words_are_learned():
    still = sample(rows=288, columns=384)
    still.instances[:] = 0
    still.instances[:, 50:330] = 1
    cut = 0
    for seed in range(30):
        part = samples._part(still, np.random.default_rng(seed))
        # The object is as high as the picture: the share that shows is that of the two areas.
        shown = np.count_nonzero(part.instances) / part.instances.size
        assert part.words[0].tolist() in ([1, 0], [-1, -1])
        cut += part.words[0, 0] == -1 and shown > 0
    assert 0 < cut < 30


def test_a_mirrored_picture_mirrors_what_points_aside():
    still = sample()
    for seed in range(200):
        altered = samples._altered(still, np.random.default_rng(seed))
        if np.array_equal(altered.instances, still.instances[:, ::-1]) and altered.geometry.any():
            expected = still.geometry[..., ::-1].copy()
            expected[[2, 6]] *= -1
            np.testing.assert_array_equal(altered.geometry, expected)
            return
    pytest.fail("no seed mirrored the picture")


def test_the_objects_of_every_sample_are_counted(shards):
    assert shards.objects().tolist() == [2, 2, 2]
