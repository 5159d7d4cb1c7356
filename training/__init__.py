"""Renders, trains, evaluates and exports the bundled tabletop model; never installed."""
