"""Tells that something slow is still going on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_logger = logging.getLogger(__name__)


def _log(sentence: str) -> None:
    _logger.warning(sentence)  # shown where nobody has set logging up


@contextmanager
def telling(what: str, tell: Callable[[str], None] = _log, every_s: float = 10.0) -> Iterator[None]:
    """Tell `what` and the seconds so far for as long as the block runs; nothing of a quick one."""
    done = threading.Event()
    started = time.monotonic()

    def watch() -> None:
        while not done.wait(every_s):
            seconds = time.monotonic() - started
            tell(f"{what}: {seconds:.0f} s so far; a TensorRT engine takes minutes, once")

    watcher = threading.Thread(target=watch, name="progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
