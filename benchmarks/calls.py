"""Round trips of parameters and services, to the grounding node and to a bare one by turns.

Run as a script it is the bare node, which offers the same services and does nothing else.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

_REPLY_S = 10.0


def round_trips(calls: int) -> dict[str, Any]:
    """Milliseconds of each kind of call, the grounding node and a bare one by turns."""
    from grounding_ros.ros.session import spinning

    bare = subprocess.Popen([sys.executable, __file__])
    try:
        with spinning("caller") as node:
            kinds = _calls(node, "grounding", "bare")
            times: dict[tuple[str, str], list[float]] = {key: [] for key in kinds}
            for _ in range(calls):
                for key, call in kinds.items():
                    time.sleep(random.uniform(0.0, 0.01))  # so as to come at any moment of a frame
                    times[key].append(_round_trip(call, " ".join(key)))
    finally:
        bare.terminate()
        bare.wait()
    result: dict[str, Any] = {}
    for (owner, kind), values in times.items():
        p50, p95, p99 = np.percentile(values, (50, 95, 99)).tolist()
        result.setdefault(kind, {})[owner] = {"p50": p50, "p95": p95, "p99": p99}
    return result


def _round_trip(call: Callable[[], Any], name: str) -> float:
    # Not spin_until_future_complete: with a time-out each of its calls is slower than the last.
    replied = threading.Event()
    start = time.perf_counter()
    call().add_done_callback(lambda future: replied.set())
    if not replied.wait(_REPLY_S):
        raise SystemExit(f"{name}: no reply within {_REPLY_S:.0f} s")
    return 1e3 * (time.perf_counter() - start)


def _calls(node: Any, *owners: str) -> dict[tuple[str, str], Callable[[], Any]]:
    """Ready calls by owner and kind."""
    from rcl_interfaces.srv import GetParameters, SetParameters
    from rclpy.parameter import Parameter
    from std_srvs.srv import SetBool, Trigger

    def set_margin() -> Any:
        margin = Parameter("reasoning.ambiguity_margin", value=random.uniform(0.1, 0.2))
        return SetParameters.Request(parameters=[margin.to_parameter_msg()])

    kinds = {
        "get parameter": (
            GetParameters,
            "get_parameters",
            lambda: GetParameters.Request(names=["reasoning.ambiguity_margin"]),
        ),
        "set parameter": (SetParameters, "set_parameters", set_margin),
        "~/enable": (SetBool, "enable", lambda: SetBool.Request(data=True)),
        "~/ground_once": (Trigger, "ground_once", Trigger.Request),
    }
    calls = {}
    for kind, (service, name, request) in kinds.items():
        for owner in owners:
            client = node.create_client(service, f"/{owner}/{name}")
            if not client.wait_for_service(30.0):
                raise SystemExit(f"/{owner}/{name}: not offered within 30 s")
            calls[owner, kind] = lambda client=client, make=request: client.call_async(make())
    return calls


def bare_node() -> None:
    """Offer the same services and do nothing else."""
    import rclpy
    from rclpy.signals import SignalHandlerOptions
    from std_srvs.srv import SetBool, Trigger

    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)  # SIGTERM ends it, quietly
    node = rclpy.create_node("bare")
    node.declare_parameter("reasoning.ambiguity_margin", 0.15)
    node.create_service(SetBool, "~/enable", lambda request, response: response)
    node.create_service(Trigger, "~/ground_once", lambda request, response: response)
    rclpy.spin(node)


if __name__ == "__main__":
    bare_node()
