"""The tabletop grounder around networks that say what they are told to."""

import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.geometry.projection import rays
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.perception.geometric.colors import COLORS
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.grounders.tabletop import TabletopGrounder
from grounding_ros.perception.grounders.tabletop_inputs import geometry, inputs_of
from grounding_ros.perception.grounders.tabletop_network import Found, Told
from grounding_ros.perception.grounders.tabletop_regions import (
    distinct,
    frame_masks,
    overlaps,
    regions_of,
)
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters.box import mask_boxes
from grounding_ros.scene import Frame

RED, BLUE = (190, 25, 30), (30, 60, 190)


class ToldNetwork:
    """Embeds a region as its (row, column) middle; taller pictures' left half is told a mug."""

    words = ("box", "mug", "orange", "printed")
    nouns = ("box", "mug", "orange")
    width = 256

    def __init__(self, proposals=()):
        self.proposals = proposals

    def look(self, picture, regions):
        shape = (len(self.proposals), picture.shape[1] // 4, picture.shape[2] // 4)
        masks = np.zeros(shape, np.float32)
        for mask, (rows, columns, _) in zip(masks, self.proposals, strict=True):
            mask[rows, columns] = 0.9
        scores = np.array([score for *_, score in self.proposals], np.float32)
        boxes = 4 * mask_boxes(masks > 0.5)
        return Found(boxes, scores, masks, middles(masks), middles(regions))

    def tell(self, embeddings, pictures, measures):
        """All that is given is an object, as it is given and of the colours of its pixels."""
        colors = np.full((len(embeddings), len(COLORS)), 0.5, np.float32)
        sure = np.ones(len(embeddings), np.float32)
        return Told(self.named(embeddings), colors, pictures[:, 3], sure)

    def named(self, embeddings):
        """Left of the picture's middle a mug, right of it a printed box."""
        left = (embeddings[:, 1] < 32).astype(np.float32)
        return np.column_stack([0.9 - 0.8 * left, 0.1 + 0.8 * left, 0 * left, 0.9 - 0.8 * left])


def middles(masks):
    rows, columns = np.indices(masks.shape[1:])
    total = np.maximum(masks.sum(axis=(1, 2)), 1e-6)
    across = [(mask * grid).sum() for mask in masks for grid in (rows, columns)]
    return (np.array(across, np.float32).reshape(-1, 2) / total[:, None]).astype(np.float32)


def phrase(text):
    *attributes, head = text.split()
    return Phrase(text, head, tuple(attributes))


def ground(frame, *texts, network=None, proposals="geometry"):
    grounder = TabletopGrounder(
        PerceptionParameters(), SupportPlanes(), network or ToldNetwork(), proposals
    )
    return grounder.ground(frame, [phrase(text) for text in texts])


@pytest.fixture
def scene(table, solid):
    """A red box on the left that the network calls a mug, a blue one on the right."""
    return table([solid.box(-0.2, 0, color=RED), solid.box(0.2, 0, color=BLUE)])


def fits(found, column=0):
    order = np.argsort(found.boxes[:, 0])
    return (found.matches[order, column] >= 0.5).astype(int).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mug", [1, 0]),
        ("box", [0, 1]),
        ("packet", [0, 1]),
        ("red mug", [1, 0]),
        ("blue mug", [0, 0]),
        ("printed thing", [0, 1]),
        ("object", [1, 1]),
        ("orange object", [0, 0]),
    ],
)
def test_nouns_are_the_networks_and_colours_those_of_the_pixels(scene, text, expected):
    found = ground(scene.frame, text)
    assert fits(found) == expected
    assert found.unjudged == ((),)


@pytest.mark.parametrize(("text", "expected"), [("tin", [1, 0]), ("can", [1, 0]), ("mug", [0, 1])])
def test_people_call_one_thing_a_tin_or_a_can(scene, text, expected):
    class Cans(ToldNetwork):
        words, nouns = ("can", "tin", "mug"), ("can", "tin", "mug")

        def named(self, embeddings):
            left = (embeddings[:, 1] < 32).astype(np.float32)
            return np.column_stack([0.9 * left, 0.1 * left, 1 - left])

    assert fits(ground(scene.frame, text, network=Cans())) == expected


def test_a_word_that_was_not_taught_is_unjudged(scene):
    found = ground(scene.frame, "cookie mug", "teapot")
    assert found.unjudged == (("cookie",), ("teapot",))
    assert fits(found) == [1, 0]
    assert fits(found, 1) == [1, 1]


def test_a_lid_is_not_seen(scene):
    lid = Relation("with", (Phrase("a blue lid", "lid", ("blue",)),))
    grounder = TabletopGrounder(PerceptionParameters(), SupportPlanes(), ToldNetwork())
    found = grounder.ground(scene.frame, [Phrase("mug with a blue lid", "mug", relations=(lid,))])
    assert found.unjudged == (("blue lid",),)
    assert fits(found) == [1, 0]


def test_orange_is_a_colour_before_a_noun_and_a_fruit_as_one(table, solid):
    scene = table([solid.box(-0.2, 0, color=(240, 130, 20)), solid.box(0.2, 0, color=BLUE)])
    found = ground(scene.frame, "orange mug", "orange")
    assert fits(found) == [1, 0]
    assert fits(found, 1) == [0, 0]


def test_masks_are_the_geometric_ones_and_labels_name_colour_and_kind(scene):
    found = ground(scene.frame)
    assert sorted(found.labels) == ["blue box", "red mug"]
    for mask, box in zip(found.masks, found.boxes, strict=True):
        rows, columns = np.nonzero(mask)
        assert box.tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def test_without_depth_the_network_proposes_and_sizes_are_not_judged(scene):
    network = ToldNetwork([(slice(10, 20), slice(8, 20), 0.8), (slice(10, 20), slice(40, 50), 0.7)])
    flat = Frame(scene.frame.rgb)
    found = ground(flat, "mug", "small mug", network=network)
    assert fits(found) == [1, 0]
    assert found.unjudged == ((), ("small",))
    # Twelve cells of four network pixels are 48, at 2.5 frame pixels each.
    left = found.boxes[found.boxes[:, 0].argmin()]
    assert left == pytest.approx([80, 100, 200, 200], abs=6)


def test_without_anything_found_there_are_no_objects(scene):
    found = ground(Frame(scene.frame.rgb), "mug")
    assert len(found) == 0
    assert found.matches.shape == (0, 1)


def test_with_both_a_proposal_counts_only_where_geometry_found_nothing(scene):
    on_the_red_box = np.nonzero(scene.instances == 1)
    middle = [int(np.mean(part) / 10) for part in on_the_red_box]
    rows, columns = slice(middle[0] - 1, middle[0] + 1), slice(middle[1] - 1, middle[1] + 1)
    nowhere = (slice(40, 44), slice(4, 10), 0.9)
    network = ToldNetwork([nowhere, (rows, columns, 0.8)])
    assert len(ground(scene.frame, network=network)) == 2
    assert len(ground(scene.frame, network=network, proposals="both")) == 3


def test_a_doubtful_proposal_is_left_out(scene):
    network = ToldNetwork([(slice(10, 20), slice(8, 20), 0.1)])
    assert len(ground(Frame(scene.frame.rgb), network=network)) == 0


class Refining(ToldNetwork):
    """Says of each proposal that only the upper half of its close-up is the object."""

    def tell(self, embeddings, pictures, measures):
        told = super().tell(embeddings, pictures, measures)
        told.masks[:, 24:] = 0
        return told


def test_the_networks_objects_get_their_finer_masks_and_geometrys_do_not(scene):
    network = Refining([(slice(10, 20), slice(8, 20), 0.8)])
    (found,) = ground(Frame(scene.frame.rgb), network=network).masks
    rows = np.flatnonzero(found.any(axis=1))
    assert (rows[0], rows[-1]) == pytest.approx((100, 149), abs=6)
    given = [ground(scene.frame, network=one).masks for one in (ToldNetwork(), Refining())]
    np.testing.assert_array_equal(*given)


def test_what_looks_like_no_object_from_close_by_is_left_out(scene):
    class Doubting(ToldNetwork):
        def tell(self, embeddings, pictures, measures):
            told = super().tell(embeddings, pictures, measures)
            told.quality[:] = np.where(embeddings[:, 1] < 32, 0.01, 1)
            return told

    network = Doubting([(slice(10, 20), slice(8, 20), 0.9), (slice(10, 20), slice(40, 50), 0.7)])
    assert ground(Frame(scene.frame.rgb), network=network).boxes[0, 0] > 320
    (box,) = ground(scene.frame, network=Doubting()).boxes  # what geometry found, too
    assert box[0] > 320


def test_what_the_network_proposed_is_measured_too(scene):
    blue = scene.instances == 2
    rows, columns = (slice(int(part.min() / 10), int(part.max() / 10) + 1)
                     for part in np.nonzero(blue))  # fmt: skip
    network = ToldNetwork([(rows, columns, 0.95)])
    found = ground(scene.frame, "blue box", "tiny box", network=network, proposals="network")
    assert fits(found) == [1]
    assert found.unjudged == ((), ())
    assert {"blue", "lying"} <= set(found.attributes[0])


def test_what_geometry_found_too_is_looked_at_once_and_as_geometry_has_it(scene):
    class Counting(ToldNetwork):
        told = 0

        def tell(self, embeddings, pictures, measures):
            self.told = len(embeddings)
            return super().tell(embeddings, pictures, measures)

    rows, columns = (slice(round(part.min() / 10), round(part.max() / 10))
                     for part in np.nonzero(scene.instances == 2))  # fmt: skip
    network = Counting([(rows, columns, 0.95)])
    both = ground(scene.frame, network=network, proposals="both")
    assert network.told == 2
    np.testing.assert_array_equal(both.masks, ground(scene.frame).masks)


def test_a_missing_network_is_told_with_what_to_do(tmp_path):
    parameters = PerceptionParameters(grounder="tabletop", model_folder=str(tmp_path))
    with pytest.raises(BackendError, match=r"onnxruntime|training\.export"):
        build_grounder(parameters, SupportPlanes())


# ---- inputs and regions ------------------------------------------------------------------------


def test_inputs_without_depth_have_no_geometry(scene):
    values = inputs_of(Frame(scene.frame.rgb), None, 256).values
    assert values.shape == (11, 192, 256)
    assert not values[3:].any()
    assert values[:3].any()


def test_inputs_measure_heights_by_their_logarithm(table, solid):
    scene = table([solid.box(0, 0, size=(0.2, 0.2, 0.09))])
    inputs = inputs_of(scene.frame, SupportPlanes().of(scene.frame), 256)
    known, height, upward = inputs.values[3], inputs.values[4], inputs.values[7]
    v, u = (int(part.mean() * 0.4) for part in np.nonzero(scene.instances == 1))
    assert known[v, u] == 1
    assert height[:, 60:196].max() == pytest.approx(np.log(1 + 9) / 2, abs=0.05)
    on_table = (height[known > 0] < 0.1) & (height[known > 0] > -0.1)
    assert np.median(upward[known > 0][on_table]) == pytest.approx(1, abs=0.02)


def test_inputs_of_a_wide_picture_are_padded_below():
    frame = Frame(np.full((720, 1280, 3), 200, np.uint8))
    inputs = inputs_of(frame, None, 256)
    assert inputs.values.shape == (11, 160, 256)
    assert inputs.size == (144, 256)
    assert not inputs.values[:, 144:].any()


def test_regions_and_back_keep_a_mask():
    frame = Frame(np.zeros((480, 640, 3), np.uint8))
    inputs = inputs_of(frame, None, 256)
    mask = np.zeros((1, 480, 640), bool)
    mask[0, 100:300, 200:400] = True
    cells = regions_of(mask, inputs)
    assert cells.shape == (1, 48, 64)
    assert cells.sum() * 100 == pytest.approx(200 * 200, rel=0.02)
    back = frame_masks(cells, inputs, (480, 640))
    shared = (back & mask).sum() / (back | mask).sum()
    assert shared > 0.9


def test_overlapping_masks_leave_each_pixel_to_the_surer_one():
    inputs = inputs_of(Frame(np.zeros((480, 640, 3), np.uint8)), None, 256)
    cells = np.zeros((2, 48, 64), np.float32)
    cells[0, 10:30, 10:30], cells[1, 20:40, 20:40] = 0.7, 0.95
    masks = frame_masks(cells, inputs, (480, 640))
    assert not (masks[0] & masks[1]).any()
    assert masks[1, 250, 250] and not masks[0, 250, 250]


def test_overlaps_are_shares_of_what_either_covers():
    masks = np.zeros((3, 8, 8), bool)
    masks[0, :4], masks[1, 2:6] = True, True
    expected = [[1, 1 / 3, 0], [1 / 3, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(overlaps(masks, masks), expected, rtol=1e-6)
    assert overlaps(masks, masks[:0]).shape == (3, 0)


def test_of_two_proposals_for_one_thing_the_surer_stays():
    masks = np.zeros((4, 48, 64), bool)
    masks[0, 10:20, 10:20] = masks[1, 11:20, 10:20] = masks[2, 30:40, 30:40] = True
    scores = np.array([0.8, 0.9, 0.5, 0.4], np.float32)
    assert distinct(masks, scores, 0.3, 0.4).tolist() == [1, 2]
    assert distinct(masks, scores, 0.6, 0.4).tolist() == [1]


def test_where_the_lens_has_no_ray_there_is_no_geometry(scene):
    """As in the corners of a fisheye."""
    frame = scene.frame
    plane = SupportPlanes().of(frame)
    directions = np.array(rays(frame.intrinsics))
    directions[:40, :50] = np.nan
    channels = geometry(frame.depth, directions, (1 / frame.intrinsics.fx,) * 2, plane)
    assert np.isfinite(channels).all()
    assert not channels[:, :40, :50].any()
    assert channels[0, 240, 320] == 1
