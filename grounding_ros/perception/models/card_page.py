"""A model's card as a page: `models/<name>.md` and `grounding-ros models info NAME`."""

from __future__ import annotations

from grounding_ros.perception.models.card import ModelCard


def as_page(card: ModelCard) -> str:
    """Return the page, Markdown."""
    rows = {
        "weights": f"`{card.hub_id}` on the Hugging Face hub, revision `{card.revision}`"
        + ("; `pull` records the commit" if card.revision == "main" else ""),
        "licence": card.licence,
        "memory": card.memory,
        "files": ", ".join(f"`{file}`" for file in card.files),
    }
    lines = [
        f"# {card.name}: {card.family}",
        "",
        card.good_for,
        *(["", f"**{card.notice}**"] if card.notice else []),
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in rows.items()),
        "",
        "## Prompts",
        "",
        *(f"- {rule}" for rule in card.prompt_rules),
        "",
        f"Get it with `grounding-ros models pull {card.name}`. Nothing of it is part of this",
        "package, and no accuracy was measured here.",
        "",
    ]
    return "\n".join(lines)
