"""Where files beside the Python package are: config, launch, models."""

from __future__ import annotations

import os
from pathlib import Path


def share(relative: str) -> Path | None:
    """Return a file of this package's share folder, installed or in a checkout; None if absent."""
    checkout = Path(__file__).parent.parent / relative
    prefixes = os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    installed = [Path(p) / "share" / "grounding_ros" / relative for p in prefixes if p]
    return next((path for path in (checkout, *installed) if path.exists()), None)
