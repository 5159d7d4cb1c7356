"""A simulated robot that carries out instructions with what a live node tells it."""
