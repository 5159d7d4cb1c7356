"""What the program means over the detections and their 3D."""
