"""Segmenters by name: a plain dict from name to builder."""
