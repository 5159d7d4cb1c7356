"""Readers of bags and scene folders, the evaluator, the demo report."""
