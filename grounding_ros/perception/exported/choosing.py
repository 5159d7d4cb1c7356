"""Which export a parameter means."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.folder import MANIFEST, read
from grounding_ros.perception.models.store import models_root
from grounding_ros.perception.parameters import PerceptionParameters


def named(name: str, root: Path) -> Path:
    """Return the folder of an export by its own name, or by its model's where that has one only.

    Raises
    ------
    BackendError
        When there is none, or more than one.
    """
    if (root / name / MANIFEST).is_file():
        return root / name
    there = [path.parent for path in sorted(root.glob(f"{name}-*x*/{MANIFEST}"))]
    if len(there) == 1:
        return there[0]
    names = ", ".join(path.name for path in there) or "none"
    raise BackendError(
        f"{name}: expected one export in {root}, got {names}; run `grounding-ros models export "
        f"{name}`, or give the export's whole name"
    )


def chosen(
    name: str, parameters: PerceptionParameters, models: Container[str], parameter: str
) -> Path:
    """Return the folder of the export `name`; of the only one that fits when it is "".

    Parameters
    ----------
    name
        As `owlv2-960x960`, a folder beside the models.
    parameters
        Say where models are.
    models
        Those that can be used here.
    parameter
        What to set, for the message.

    Raises
    ------
    BackendError
        When there is none, when there are several, or when it is of another kind.
    """
    root = models_root(parameters)
    if name:
        model = read(root / name).model
        if model not in models:
            raise BackendError(
                f"{parameter}: expected another kind of model, got {name}, which is {model}"
            )
        return root / name
    there = [path.parent for path in sorted(root.glob(f"*/{MANIFEST}"))]
    fitting = [path for path in there if read(path).model in models]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(path.name for path in fitting) or "none"
    raise BackendError(
        f"perception.{parameter}: expected the name of one export in {root}, got '' and {names} "
        "there; run `grounding-ros models export NAME`, or set it"
    )
