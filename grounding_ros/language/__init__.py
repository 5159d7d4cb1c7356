"""Sentences to programs."""
