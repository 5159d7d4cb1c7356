"""Every error this package raises on purpose.

GroundingRosError
├── InputError        a message, image, file or parameter is not what was expected
│   └── ShapeError    an array has the wrong shape or dtype
├── GeometryError     a 3D quantity cannot be computed from what is there
└── BackendError      a grounder or segmenter cannot be built or failed to run

A message says what was expected, what came, and what to do.
"""


class GroundingRosError(Exception):
    """Base of all errors of this package."""


class InputError(GroundingRosError):
    """A message, image, file or parameter is not what was expected."""


class ShapeError(InputError):
    """An array has the wrong shape or dtype."""


class GeometryError(GroundingRosError):
    """A 3D quantity cannot be computed from what is there."""


class BackendError(GroundingRosError):
    """A grounder or segmenter cannot be built or failed to run."""


def told(error: Exception) -> str:
    """Return what to tell of an error: ours are sentences, any other is a defect with its type."""
    ours = isinstance(error, GroundingRosError)
    return str(error) if ours else f"defect: {type(error).__name__}: {error}"
