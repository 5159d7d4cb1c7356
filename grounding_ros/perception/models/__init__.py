"""Models with weights: what is known of each, where its files are, how it is run."""
