"""The generator of rendered table scenes with exact truth (MuJoCo, the `sim` extra)."""
