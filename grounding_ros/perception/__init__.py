"""Models that see: grounders, segmenters and the codecs of their replies."""
