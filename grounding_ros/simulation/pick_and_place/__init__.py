"""A table, a gripper and an order: the physics of pick and place, and who was right."""
