"""Text to grounded 3D detections for ROS 2: which object does the instruction mean?"""

__version__ = "0.1.0"
