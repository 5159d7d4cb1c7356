import numpy as np
import pytest

from grounding_ros.errors import InputError
from grounding_ros.simulation.depth_noise import DEPTH_NOISE, add_depth_noise


def noisy(depth, kind):
    return add_depth_noise(depth, kind, np.random.default_rng(0))


def wall(z, shape=(120, 160)):
    return np.full(shape, z, np.float32)


def test_no_noise_is_no_change():
    depth = wall(1.0)
    assert np.array_equal(noisy(depth, "none"), depth)


@pytest.mark.parametrize("kind", ["kinect", "d435", "zed"])
def test_noise_has_no_bias_and_grows_with_distance(kind):
    near, far = (noisy(wall(z), kind) - z for z in (0.8, 2.0))
    assert abs(near.mean()) < 0.001
    noise = DEPTH_NOISE[kind]
    for errors, z in ((near, 0.8), (far, 2.0)):
        sigma = noise.floor_m + noise.per_m2 * (z - noise.from_m) ** 2
        step = noise.step_per_m2 * z**2
        assert errors.std() == pytest.approx(np.hypot(sigma, step / 12**0.5), rel=0.35)


def test_the_kinect_measures_in_steps():
    assert len(np.unique(noisy(wall(2.0), "kinect"))) < 10


@pytest.mark.parametrize("kind", ["kinect", "d435", "zed"])
def test_edges_and_what_is_out_of_range_have_holes(kind):
    depth = wall(1.0)
    depth[:, 80:] = 2.0
    depth[:10] = 25.0
    depth[-10:] = 0.1
    seen = np.isfinite(noisy(depth, kind))
    assert not seen[:10].any() and not seen[-10:].any()
    assert not seen[60, 80]
    assert seen[60, :70].all() and seen[60, 90:].all()


def test_what_has_no_return_stays_so():
    depth = wall(1.0)
    depth[40:60, 40:60] = np.nan
    assert np.isnan(noisy(depth, "d435")[45:55, 45:55]).all()


def test_an_unknown_noise_says_so():
    with pytest.raises(InputError, match="expected one of none, kinect, d435, zed; got 'fog'"):
        noisy(wall(1.0), "fog")
