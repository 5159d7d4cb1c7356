"""Messages to values and back, without ROS: duck-typed, live or from a bag."""
