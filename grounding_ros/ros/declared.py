"""The parameter dataclasses as ROS parameters."""

from __future__ import annotations

from dataclasses import Field
from typing import Any

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    SetParametersResult,
)
from rclpy.node import Node

from grounding_ros.errors import InputError
from grounding_ros.parameters import NodeParameters, flat, from_flat

_ANY = 1e9
"""Stands for "no bound" in a ROS range, which needs both ends."""


def declare(node: Node) -> NodeParameters:
    """Declare every parameter on the node and return the values it was started with.

    Raises
    ------
    InputError
        Naming the parameter, what was expected and what came.
    """
    defaults = list(flat(NodeParameters()))
    for name, entry, default in defaults:
        try:
            node.declare_parameter(name, default, _descriptor(entry))
        except Exception as error:  # rclpy has a class for each way a value can be wrong
            raise InputError(f"parameter {name}: {error}") from error
    return from_flat({name: node.get_parameter(name).value for name, _, _ in defaults})


def changed(parameters: NodeParameters, updates: list[Any]) -> NodeParameters:
    """Return the parameters after a set request; raises InputError when a value is wrong."""
    known = {name for name, _, _ in flat(parameters)}
    return from_flat({p.name: p.value for p in updates if p.name in known}, parameters)


def refused(error: InputError) -> SetParametersResult:
    """Tell the caller of `ros2 param set` why not."""
    return SetParametersResult(successful=False, reason=str(error))


def _descriptor(entry: Field[Any]) -> ParameterDescriptor:
    metadata = entry.metadata
    choices = metadata["choices"]
    descriptor = ParameterDescriptor(
        description=metadata["description"],
        read_only=metadata["read_only"],
        additional_constraints="one of " + ", ".join(choices) if choices else "",
    )
    low, high = metadata["minimum"], metadata["maximum"]
    if low is None and high is None:
        return descriptor
    low, high = -_ANY if low is None else low, _ANY if high is None else high
    if isinstance(entry.default, float):
        span = FloatingPointRange(from_value=float(low), to_value=float(high), step=0.0)
        descriptor.floating_point_range = [span]
    else:
        descriptor.integer_range = [IntegerRange(from_value=int(low), to_value=int(high), step=1)]
    return descriptor
