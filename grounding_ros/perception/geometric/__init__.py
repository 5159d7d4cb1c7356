"""Seeing without a learned model: instances and their looks from registered depth and colour."""
