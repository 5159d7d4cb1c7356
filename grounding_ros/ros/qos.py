"""The quality of service of every topic, in one place."""

from __future__ import annotations

from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

from grounding_ros.parameters import InputParameters

OUTPUT = QoSProfile(depth=1)
"""Results: reliable, only the newest."""

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
"""What a late subscriber must still hear: the answer."""

HEARD = QoSProfile(depth=16)
"""Of who listens to results and must not miss one while it is busy."""

HEARD_LATCHED = QoSProfile(depth=16, durability=DurabilityPolicy.TRANSIENT_LOCAL)
"""The same for the answer."""

INSTRUCTION_VOLATILE = QoSProfile(depth=1)
"""Hears every publisher, but not what was latched before."""

INSTRUCTION_LATCHED = LATCHED
"""Hears what was latched before, but no volatile publisher."""

REGION = QoSProfile(depth=1)
"""What somebody points at: reliable, only the newest."""


def camera_qos(parameters: InputParameters) -> QoSProfile:
    """Sensor data (REP-2003): best effort unless the user wants it reliable."""
    reliability = {
        "best_effort": ReliabilityPolicy.BEST_EFFORT,
        "reliable": ReliabilityPolicy.RELIABLE,
    }[parameters.reliability]
    return QoSProfile(
        depth=parameters.queue_size, history=HistoryPolicy.KEEP_LAST, reliability=reliability
    )
