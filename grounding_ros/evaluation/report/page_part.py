"""The style sheets and scripts of our pages; a page carries them inside."""

from __future__ import annotations

from importlib.resources import files


def page_part(name: str) -> str:
    """Return the text of a file of `pages/`."""
    return (files(__package__) / "pages" / name).read_text(encoding="utf-8")
