import pytest

from grounding_ros.errors import BackendError
from grounding_ros.simulation.render import Shot, render_shot

SHOTS = 6


@pytest.fixture(scope="session")
def shots() -> list[Shot]:
    """A few rendered scenes, shared because rendering takes most of a second each."""
    try:
        return [render_shot(f"s{number}", (11, number)) for number in range(SHOTS)]
    except BackendError as error:
        pytest.skip(str(error))
