"""Readers of bags and scene folders, the demo report."""
