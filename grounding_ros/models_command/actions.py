"""The actions of `grounding-ros models`: what to print, and whether all is well."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from grounding_ros.errors import BackendError, InputError
from grounding_ros.models_command.pictures import pictures_of
from grounding_ros.perception.models.card_page import as_page
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.models.missing import not_installed
from grounding_ros.perception.models.pull import pull
from grounding_ros.perception.models.store import (
    card_of,
    find,
    missing,
    models_root,
    recorded,
)
from grounding_ros.perception.parameters import PerceptionParameters

_RECORDED, _VERIFIED = 2, 4
"""Pictures: of export, which every start runs again, and of verify."""


def run(given: Namespace) -> int:
    """Do what was asked for; 1 when no provider agrees with torch."""
    parameters = PerceptionParameters(
        weights=given.weights, providers=given.providers, precision=given.precision
    )
    if given.action != "list" and not given.name:
        raise InputError(f"models {given.action}: expected the NAME of a model, got none")
    try:
        return _ACTIONS[given.action](given, parameters)
    except ModuleNotFoundError as error:
        raise not_installed(f"models {given.action}", error) from error


def _list(given: Namespace, parameters: PerceptionParameters) -> int:
    root = models_root(parameters)
    print(f"{'model':18}{'licence':13}{'here':9}good for")
    for name, card in CARDS.items():
        gone = list(missing(card, root / name))
        here = "no" if len(gone) == len(card.files) else "partly" if gone else "yes"
        print(f"{name:18}{card.licence:13}{here:9}{card.good_for}")
    for export in sorted(root.glob("*/export.json")):
        print(f"{export.parent.name:31}{'export':9}{export.parent}")
    print(f"in {root}")
    return 0


def _info(given: Namespace, parameters: PerceptionParameters) -> int:
    print(as_page(card_of(given.name)), end="")
    return 0


def _pull(given: Namespace, parameters: PerceptionParameters) -> int:
    card, root = card_of(given.name), models_root(parameters)
    if card.notice:
        print(card.notice)
    record = pull(given.name, root)
    print(f"{card.hub_id} at {record.commit} is in {root / given.name}")
    for file, sha256 in record.files.items():
        print(f"{sha256}  {file}")
    return 0


def _export(given: Namespace, parameters: PerceptionParameters) -> int:
    size, root = _size(given.size), models_root(parameters)
    find(given.name, root)  # what is missing is told before torch is loaded, which takes seconds
    from grounding_ros.perception.exported.exporting import export

    folder = export(given.name, root, size, pictures_of(given.pictures, _RECORDED))
    print(f"{folder}: set perception.grounder or perception.segmenter to onnx, and its export to")
    print(folder.name)
    return 0


def _verify(given: Namespace, parameters: PerceptionParameters) -> int:
    from grounding_ros.perception.exported.choosing import named
    from grounding_ros.perception.exported.verifying import trials

    root = models_root(parameters)
    folder = named(given.name, root)
    agreed = False
    weights, pictures = _weights(folder, root), pictures_of(given.pictures, _VERIFIED)
    for trial in trials(folder, weights, pictures, parameters):
        print(trial if trial.error else f"{trial}: {'; '.join(map(str, trial.worst))}", flush=True)
        agreed |= not trial.is_refused
    for sentence in _doubts(weights, given.pictures):
        print(sentence)
    return 0 if agreed else 1


def _weights(folder: Path, root: Path) -> Path | None:
    """Return where the weights of an export are; None when they are not on this machine."""
    from grounding_ros.perception.exported.folder import read

    try:
        return find(read(folder).model, root)
    except BackendError:
        return None


def _doubts(weights: Path | None, pictures: Path | None) -> Iterator[str]:
    """Say what was not proven."""
    if weights is None:
        yield "compared with what torch made of pictures at export: the weights are not here"
        return
    if pictures is None:
        yield "on rendered pictures of the sample bag; give your camera's with --pictures FOLDER"
    if recorded(weights) is None:
        yield (
            f"the weights in {weights} were not pulled: if they are random, this proves little of "
            "half precision, which real activations can overflow"
        )


def _size(text: str | None) -> tuple[int, int] | None:
    """Return (height, width) of "WxH"."""
    if text is None:
        return None
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise InputError(f"--size: expected WIDTHxHEIGHT as 960x544, got {text!r}")
    return int(height), int(width)


_ACTIONS: dict[str, Callable[[Namespace, PerceptionParameters], int]] = {
    "list": _list,
    "info": _info,
    "pull": _pull,
    "export": _export,
    "verify": _verify,
}
