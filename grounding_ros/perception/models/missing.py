"""What to say when the libraries of a model are not installed."""

from __future__ import annotations

from grounding_ros.errors import BackendError


def not_installed(what: str, error: ModuleNotFoundError) -> BackendError:
    """Return the error that tells which library a backend needs."""
    library = (error.name or str(error)).partition(".")[0]
    return BackendError(
        f"{what}: expected the library {library!r}, which is not installed; see the README, "
        "models with weights"
    )
