"""Models as ONNX graphs: written, opened on a provider, compared with torch."""
