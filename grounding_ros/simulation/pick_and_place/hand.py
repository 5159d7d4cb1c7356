"""A free-flying parallel gripper, in MuJoCo, with the measures that grasps are planned for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.transforms import quaternion_from_matrix

_PLANNED = GripperParameters()
OPENING_M = _PLANNED.max_opening_m
"""How far apart the fingers can be, metres."""
FINGER_M = _PLANNED.finger_length_m
"""From the palm to the tips, metres."""
PARKED = np.array(
    [[0.0, 1.0, 0.0, -1.1], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 1.2], [0.0, 0.0, 0.0, 1.0]]
)
"""(4, 4) base from tool behind the camera, where the hand waits."""

MOCAP, LEFT, RIGHT = "hand_wanted", "finger_left", "finger_right"
# Across, along the closing, along the approach.
_FINGER_HALF = (_PLANNED.finger_width_m / 2, _PLANNED.finger_thickness_m / 2, FINGER_M / 2)
_PALM_HALF = (_PLANNED.palm_depth_m / 2, _PLANNED.palm_width_m / 2, 0.02)
_ROUND_M, _BACK_M = 0.004, 0.001  # of the edges; how far the flat between them lies back
_FORCE_N = 30.0
_STIFF_N_M = 1500.0
_SQUEEZE_M = 0.02  # beyond closed, so that a thin wall is held as firmly
_MASS_KG = 0.7


def add_hand(mujoco: Any, spec: Any) -> None:
    """Add the hand and what moves it to a model.

    The hand's body is the tool frame: the origin midway between the fingertips, z along the
    approach, y along the closing direction (MoveIt's and the Panda hand's convention).
    """
    x, y, z, w = quaternion_from_matrix(PARKED[:3, :3])
    place = {"pos": PARKED[:3, 3], "quat": (w, x, y, z)}
    spec.worldbody.add_body(name=MOCAP, mocap=True, **place)
    hand = spec.worldbody.add_body(name="hand", gravcomp=1.0, **place)
    hand.add_freejoint()
    box = mujoco.mjtGeom.mjGEOM_BOX
    hand.add_geom(
        name="palm",
        type=box,
        size=_PALM_HALF,
        pos=(0, 0, -FINGER_M - _PALM_HALF[2]),
        mass=_MASS_KG,
        rgba=(0.85, 0.85, 0.87, 1.0),
    )
    for name, side in ((LEFT, 1.0), (RIGHT, -1.0)):
        finger = hand.add_body(name=name, gravcomp=1.0)
        finger.add_joint(
            name=name,
            type=mujoco.mjtJoint.mjJNT_SLIDE,
            axis=(0, side, 0),
            range=(0.0, OPENING_M / 2),
            limited=mujoco.mjtLimited.mjLIMITED_TRUE,
            damping=40.0,
            armature=0.05,
            ref=OPENING_M / 2,
        )
        _add_finger(mujoco, finger, name, side)
        motor = spec.add_actuator(
            name=name,
            target=name,
            trntype=mujoco.mjtTrn.mjTRN_JOINT,
            ctrlrange=(-_SQUEEZE_M, OPENING_M / 2),
            forcerange=(-_FORCE_N, _FORCE_N),
        )
        motor.gaintype, motor.biastype = mujoco.mjtGain.mjGAIN_FIXED, mujoco.mjtBias.mjBIAS_AFFINE
        motor.gainprm[0], motor.biasprm[1] = _STIFF_N_M, -_STIFF_N_M  # pulls to the wanted place
    _join(mujoco, spec)


def opening_of(data: Any) -> float:
    """Return how far apart the fingertips are, metres."""
    return float(data.joint(LEFT).qpos[0] + data.joint(RIGHT).qpos[0])


def want_opening(data: Any, opening_m: float) -> None:
    """Let the motors pull the fingertips to this distance, metres; below 0 they squeeze."""
    for name in (LEFT, RIGHT):
        data.actuator(name).ctrl[0] = max(opening_m / 2, -_SQUEEZE_M)


def want_pose(model: Any, data: Any, base_from_tool: NDArray[np.float64]) -> None:
    """Let the hand be pulled to a (4, 4) pose of its tool frame."""
    x, y, z, w = quaternion_from_matrix(base_from_tool[:3, :3])
    row = int(model.body(MOCAP).mocapid[0])
    data.mocap_pos[row] = base_from_tool[:3, 3]
    data.mocap_quat[row] = (w, x, y, z)


def _add_finger(mujoco: Any, finger: Any, name: str, side: float) -> None:
    """Add a finger with rounded edges: on a sharp one the normals of contacts are arbitrary."""
    x, y, z = _FINGER_HALF
    middle = side * (OPENING_M / 2 + y + _BACK_M / 2)
    look = {"rgba": (0.25, 0.25, 0.27, 1.0), **_rubber()}
    finger.add_geom(
        name=name,
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=(x - _ROUND_M, y - _BACK_M / 2, z),
        pos=(0, middle, -z),
        mass=0.03,
        **look,
    )
    inner = side * (OPENING_M / 2 + _ROUND_M)
    for edge in (_ROUND_M - x, x - _ROUND_M):
        finger.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CAPSULE,
            size=(_ROUND_M, 0, 0),
            fromto=(edge, inner, -_ROUND_M, edge, inner, -FINGER_M),
            mass=0.005,
            **look,
        )


def _join(mujoco: Any, spec: Any) -> None:
    """Weld the hand to what is moved, and let the fingers go alike."""
    spec.add_equality(
        type=mujoco.mjtEq.mjEQ_WELD,
        objtype=mujoco.mjtObj.mjOBJ_BODY,
        name1="hand",
        name2=MOCAP,
        data=_equality(mujoco, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1),  # no offset; torque as force
        solref=(0.008, 1.0),
        solimp=(0.95, 0.99, 0.001, 0.5, 2.0),
    )
    spec.add_equality(
        type=mujoco.mjtEq.mjEQ_JOINT,
        objtype=mujoco.mjtObj.mjOBJ_JOINT,
        name1=LEFT,
        name2=RIGHT,
        data=_equality(mujoco, 0, 1),
        solref=(0.006, 1.0),
    )


def _equality(mujoco: Any, *values: float) -> tuple[float, ...]:
    """Fill up the numbers of an equality; how many there are differs between versions."""
    return values + (0.0,) * (int(mujoco.mjNEQDATA) - len(values))


def _rubber() -> dict[str, Any]:
    return {
        "condim": 6,
        "friction": (1.2, 0.02, 0.002),
        "solref": (0.006, 1.0),
        "solimp": (0.95, 0.99, 0.0005, 0.5, 2.0),
    }
