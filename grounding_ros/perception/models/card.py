"""What a user has to know of a model before downloading it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelCard:
    """One model: where it comes from, what it may be used for, what it needs."""

    name: str
    """The backend's name, a key of GROUNDERS or SEGMENTERS: "grounding_dino"."""
    family: str
    """The paper or architecture, for a person: "Grounding DINO (Swin-T)"."""
    hub_id: str
    """Owner and name on the Hugging Face hub, as its authors publish it."""
    revision: str
    """A commit of that repository; "main": pull records the commit it got."""
    licence: str
    """SPDX name of the weights' licence, or its title."""
    notice: str
    """What the licence asks of a user, said when the model is loaded; "" when nothing."""
    good_for: str
    """A sentence: what to choose it for."""
    memory: str
    """A sentence: size of the weights, and what is known of the memory it takes."""
    prompt_rules: tuple[str, ...]
    """What the model expects of a phrase; the backend follows it, a user should know it."""
    files: tuple[str, ...]
    """The files of the repository that are needed, all without code: safetensors and JSON."""
