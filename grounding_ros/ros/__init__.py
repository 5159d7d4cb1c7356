"""The node: the only room that imports rclpy."""
