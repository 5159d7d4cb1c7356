"""The shapes of household things: meshes with a finish each, sizes drawn at random."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.meshes import Mesh, Profile, box, lathe, prism, tube

Random = np.random.Generator


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a thing with one surface."""

    mesh: Mesh
    """In the thing's own frame, metres."""
    finish: str
    """"atlas", "print", "main", "second", "metal", "pages", "wood", "yellow", "fruit"..."""


def _size(rng: Random, *ranges: tuple[float, float]) -> tuple[float, ...]:
    """Sides in metres within these ranges, given in centimetres."""
    return tuple(float(rng.uniform(low, high)) / 100 for low, high in ranges)


def cereal_box(rng: Random) -> tuple[Piece, ...]:
    """A tall printed box."""
    return (Piece(box(*_size(rng, (9, 26), (3.5, 12), (13, 36))), "atlas"),)


def small_box(rng: Random) -> tuple[Piece, ...]:
    """A box that a hand goes around."""
    return (Piece(box(*_size(rng, (5, 16), (4, 10), (4, 14))), "atlas"),)


def flat_box(rng: Random) -> tuple[Piece, ...]:
    """A box of chocolates or of a game."""
    return (Piece(box(*_size(rng, (10, 36), (8, 26), (2.2, 9))), "atlas"),)


def hexagonal_box(rng: Random) -> tuple[Piece, ...]:
    """A six-sided box."""
    radius, height = _size(rng, (5, 10), (3, 12))
    return (Piece(prism(radius * _polygon(6), height), "print"),)


def brick_carton(rng: Random) -> tuple[Piece, ...]:
    """A drink carton with a cap."""
    x, y, z = _size(rng, (6, 10), (4, 7), (12, 22))
    cap = lathe(_solid(0.014, 0.012), 14).moved((0.15 * x, 0, z))
    return (Piece(box(x, y, z), "atlas"), Piece(cap, "second"))


def gable_carton(rng: Random) -> tuple[Piece, ...]:
    """A milk carton with a roof."""
    x, z = _size(rng, (7, 9.5), (14, 20))
    roof = box(x, x, 0.35 * x)
    top = roof.vertices[:, 2] > 0.1 * x
    roof.vertices[top, 1] *= 0.08
    return (
        Piece(box(x, x, z), "atlas"),
        Piece(roof.moved((0, 0, z)), "second"),
        Piece(box(x, 0.005, 0.02).moved((0, 0, z + 0.35 * x)), "second"),
    )


def _canned(radius: float, height: float, lid: str, lip: float = 0.002) -> tuple[Piece, ...]:
    side = lathe([(radius, 0.0), (radius, height)])
    bottom = lathe([(0, 0), (radius, 0)])
    rim = height + 2 * lip
    top = [(radius, height), (radius + lip, height), (radius + lip, rim), (radius - lip, rim),
           (radius - 2 * lip, height), (0, height)]  # fmt: skip
    return (Piece(side, "print"), Piece(bottom, lid), Piece(lathe(top), lid))


def drink_can(rng: Random) -> tuple[Piece, ...]:
    """A slim can."""
    diameter, height = _size(rng, (5.2, 7), (9, 17))
    return _canned(diameter / 2, height, "metal")


def food_can(rng: Random) -> tuple[Piece, ...]:
    """A preserve can."""
    diameter, height = _size(rng, (6.5, 10.5), (5, 13))
    return _canned(diameter / 2, height, "metal")


def wide_tin(rng: Random) -> tuple[Piece, ...]:
    """A round cookie tin with a lid."""
    diameter, height = _size(rng, (13, 25), (4, 11))
    radius = diameter / 2
    body = lathe([(0, 0), (radius, 0), (radius, height)])
    cap = [(radius, 0.7 * height), (radius + 0.002, 0.7 * height), (radius + 0.002, height),
           (0.93 * radius, height + 0.001), (0, height + 0.001)]  # fmt: skip
    return (Piece(body, "print"), Piece(lathe(cap), "print2"))


def tall_canister(rng: Random) -> tuple[Piece, ...]:
    """A tall round canister with a lid."""
    diameter, height = _size(rng, (6, 11), (14, 28))
    lid = ("second", "metal", "main")[int(rng.integers(3))]
    radius = diameter / 2
    side = lathe([(0, 0), (radius, 0), (radius, height)])
    thick = float(rng.uniform(0.006, 0.02))
    top = [(radius, height - thick), (radius + 0.002, height - thick), (radius + 0.002, height),
           (0, height)]  # fmt: skip
    return (Piece(side, "print"), Piece(lathe(top), lid))


def shouldered_bottle(rng: Random) -> tuple[Piece, ...]:
    """A bottle with steep shoulders."""
    return _bottle(rng, 0.35, 0.12)


def round_bottle(rng: Random) -> tuple[Piece, ...]:
    """A bottle with sloping shoulders."""
    return _bottle(rng, 0.5, 0.3)


def bulb_bottle(rng: Random) -> tuple[Piece, ...]:
    """A bottle with a round belly."""
    diameter, height = _size(rng, (8, 11), (15, 24))
    angles = np.linspace(0.15, 2.6, 12)
    bulb = [(diameter / 2 * math.sin(a), 0.3 * height * (1 - math.cos(a))) for a in angles]
    neck = bulb[-1][0]
    return (
        Piece(lathe([(0, bulb[0][1]), *bulb, (neck, height)]), "print"),
        Piece(lathe(_solid(neck + 0.002, 0.02)).moved((0, 0, height)), "second"),
    )


def _bottle(rng: Random, neck_share: float, shoulder: float) -> tuple[Piece, ...]:
    diameter, height = _size(rng, (5, 9.5), (14, 31))
    radius, neck = diameter / 2, float(rng.uniform(0.012, 0.02))
    body = height * (1 - neck_share)
    rise = np.linspace(0, math.pi, 7)
    slope = [
        (neck + (radius - neck) * (1 + math.cos(t)) / 2, body + shoulder * height * t / math.pi)
        for t in rise
    ]
    glass = [(0, 0), (0.93 * radius, 0), (radius, 0.01), *slope, (neck, height)]
    low, high = body * rng.uniform(0.1, 0.3), body * rng.uniform(0.7, 0.98)
    label = lathe([(radius + 6e-4, low), (radius + 6e-4, high)])
    cap = lathe(_solid(neck + 0.003, float(rng.uniform(0.015, 0.03)))).moved((0, 0, height))
    return (Piece(lathe(glass), "main"), Piece(label, "print"), Piece(cap, "second"))


def jar(rng: Random) -> tuple[Piece, ...]:
    """A screw jar with a label."""
    diameter, height = _size(rng, (5.5, 10), (6, 15))
    radius = diameter / 2
    glass = [(0, 0), (radius, 0), (radius, 0.82 * height), (0.88 * radius, 0.88 * height),
             (0.88 * radius, 0.9 * height)]  # fmt: skip
    label = lathe([(radius + 6e-4, 0.15 * height), (radius + 6e-4, 0.7 * height)])
    cap = lathe(_solid(0.95 * radius, 0.14 * height)).moved((0, 0, 0.89 * height))
    return (Piece(lathe(glass), "main"), Piece(label, "print"), Piece(cap, "second"))


def tub(rng: Random) -> tuple[Piece, ...]:
    """A tapered tub with a lid."""
    diameter, height = _size(rng, (9, 20), (6, 14))
    radius = diameter / 2
    narrow = radius * float(rng.uniform(0.75, 0.92))
    side = lathe([(0, 0), (narrow, 0), (radius, height)])
    brim, low = radius + 0.004, height - 0.003
    lid = [(radius, height - 0.008), (brim, height - 0.008), (brim, height),
           (0.9 * radius, height), (0.88 * radius, low), (0, low)]  # fmt: skip
    body = "print" if rng.random() < 0.5 else "main"
    return (Piece(side, body), Piece(lathe(lid), "main" if rng.random() < 0.5 else "second"))


def _open(profile: Profile, thickness: float, inside: str) -> tuple[Piece, ...]:
    """A vessel: the outline of its outer wall from the foot up, and the same wall from inside."""
    rim_r, rim_z = profile[-1]
    inner = [(max(r - thickness, 1e-4), max(z, thickness)) for r, z in reversed(profile)]
    inner[0] = (rim_r - thickness, rim_z)
    outer = lathe([(0.0, profile[0][1]), *profile, (rim_r - thickness, rim_z)])
    return (Piece(outer, "outside"), Piece(lathe([*inner, (0, thickness)]), inside))


def _inside(rng: Random) -> str:
    return ("outside", "outside", "white", "second")[int(rng.integers(4))]


def round_bowl(rng: Random) -> tuple[Piece, ...]:
    """A deep bowl."""
    return _bowl(rng, (10, 19), (0.35, 0.5), 0.9)


def wide_bowl(rng: Random) -> tuple[Piece, ...]:
    """A flat bowl."""
    return _bowl(rng, (15, 28), (0.22, 0.35), 0.7)


def cone_bowl(rng: Random) -> tuple[Piece, ...]:
    """A bowl with straight walls."""
    diameter, height = _size(rng, (11, 20), (5, 9))
    return _open([(0.2 * diameter, 0), (diameter / 2, height)], 0.004, _inside(rng))


def _bowl(
    rng: Random, width: tuple[float, float], slope: tuple[float, float], power: float
) -> tuple[Piece, ...]:
    (diameter,) = _size(rng, width)
    height = diameter * float(rng.uniform(*slope))
    foot = diameter * float(rng.uniform(0.15, 0.26))
    rise = np.linspace(0, math.pi / 2, 9)
    profile = [
        (foot + (diameter / 2 - foot) * math.sin(t), height * (1 - math.cos(t)) ** power)
        for t in rise
    ]
    return _open(profile, 0.004, _inside(rng))


def mug(rng: Random) -> tuple[Piece, ...]:
    """A straight mug."""
    return _mug(rng, ((1.0, 0.0), (1.0, 1.0)))


def bulging_mug(rng: Random) -> tuple[Piece, ...]:
    """A mug with a belly."""
    bulge = float(rng.uniform(1.05, 1.2))
    return _mug(rng, ((0.8, 0.0), (bulge, 0.25), (bulge, 0.6), (1.0, 1.0)))


def conical_mug(rng: Random) -> tuple[Piece, ...]:
    """A mug that opens upwards."""
    return _mug(rng, ((0.7, 0.0), (1.1, 1.0)))


def _mug(rng: Random, outline: Profile) -> tuple[Piece, ...]:
    diameter, height = _size(rng, (6.5, 10), (7, 12))
    radius = diameter / 2
    profile = [(radius * r, height * z) for r, z in outline]
    bend = np.linspace(-math.pi / 2, math.pi / 2, 8)
    reach, rise = float(rng.uniform(0.02, 0.035)), float(rng.uniform(0.25, 0.38)) * height
    x = radius - 0.003 + reach * np.cos(bend) ** 0.7
    path = np.column_stack([x, np.zeros(8), height / 2 + rise * np.sin(bend)])
    handle = tube(path, np.full(8, float(rng.uniform(0.004, 0.0065))), 8)
    return (*_open(profile, 0.004, _inside(rng)), Piece(handle, "main"))


def cup(rng: Random) -> tuple[Piece, ...]:
    """A cup or beaker without a handle."""
    diameter, height = _size(rng, (6, 9), (7, 14))
    foot = float(rng.uniform(0.68, 0.9)) * diameter / 2
    return _open([(foot, 0), (diameter / 2, height)], 0.002, _inside(rng))


def plate(rng: Random) -> tuple[Piece, ...]:
    """A dinner plate."""
    (diameter,) = _size(rng, (15, 28))
    foot, rim = 0.3 * diameter, float(rng.uniform(0.012, 0.028))
    return _open([(foot, 0), (0.8 * foot + 0.12 * diameter, rim * 0.3), (diameter / 2, rim)],
                 0.003, _inside(rng))  # fmt: skip


def hardcover(rng: Random) -> tuple[Piece, ...]:
    """A book with boards."""
    x, y, z = _size(rng, (13, 24), (10, 17), (1.5, 5))
    board = 0.003
    # The cover overhangs the pages on three sides; the spine closes the fourth.
    paper = box(x - 2 * board, y - board, z - 2 * board).moved((0, board / 2 + 1e-3, board))
    lids = (box(x, y, board), box(x, y, board).moved((0, 0, z - board)))
    spine = box(x, board, z).moved((0, -y / 2 + board / 2, 0))
    return (
        Piece(lids[0], "print"),
        Piece(lids[1], "print"),
        Piece(spine, "print"),
        Piece(paper, "pages"),
    )


def paperback(rng: Random) -> tuple[Piece, ...]:
    """A book with a soft cover."""
    return _bound(*_size(rng, (15, 23), (10, 16), (0.9, 3.5)))


def magazine(rng: Random) -> tuple[Piece, ...]:
    """A magazine or catalogue."""
    return _bound(*_size(rng, (22, 31), (17, 22), (0.3, 1.2)))


def _bound(x: float, y: float, z: float) -> tuple[Piece, ...]:
    lid = 6e-4
    return (
        Piece(box(x, y, lid).moved((0, 0, z - lid)), "print"),
        Piece(box(x, y, lid), "print"),
        Piece(box(x, lid, z).moved((0, -y / 2, 0)), "print"),
        Piece(box(x - 1e-3, y - 1e-3, z - 2 * lid).moved((0, 0, lid)), "pages"),
    )


def ball(rng: Random) -> tuple[Piece, ...]:
    """A ball."""
    (diameter,) = _size(rng, (3.5, 13))
    finish = ("main", "main", "print", "stripes")[int(rng.integers(4))]
    return (Piece(_ellipsoid(diameter / 2, diameter / 2), finish),)


def banana(rng: Random) -> tuple[Piece, ...]:
    """A banana on its side."""
    reach = float(rng.uniform(0.08, 0.11))
    bend = np.linspace(-0.9, 0.9, 11) * float(rng.uniform(0.8, 1.15))
    path = np.column_stack([reach * np.sin(bend), reach * np.cos(bend) - reach * 0.8, 0 * bend])
    thick = 0.017 * np.sqrt(np.clip(1 - (np.linspace(-1, 1, 11)) ** 4, 0.03, 1))
    return (Piece(tube(path, thick, 8).moved((0, 0, 0.016)), "yellow"),)


def apple(rng: Random) -> tuple[Piece, ...]:
    """An apple with its stem."""
    (diameter,) = _size(rng, (6, 9))
    t = np.linspace(-math.pi / 2, math.pi / 2, 13)
    dimple = 1 - 0.25 * np.exp(-(((t - math.pi / 2) / 0.35) ** 2))
    profile = [(diameter / 2 * math.cos(a) + 1e-5, diameter * 0.46 * (math.sin(a) * d + 1))
               for a, d in zip(t, dimple, strict=True)]  # fmt: skip
    stem = np.array([(0, 0, 0.7 * diameter), (0, 0.002, 0.85 * diameter), (0.002, 0.003, diameter)])
    return (Piece(lathe(profile), "apple"), Piece(tube(stem, np.full(3, 0.0015), 5), "wood"))


def orange(rng: Random) -> tuple[Piece, ...]:
    """An orange."""
    (diameter,) = _size(rng, (6.5, 9))
    return (Piece(_ellipsoid(diameter / 2, 0.48 * diameter), "orange"),)


def lemon(rng: Random) -> tuple[Piece, ...]:
    """A lemon on its side."""
    (diameter,) = _size(rng, (5, 6.5))
    tall = _ellipsoid(diameter / 2, 0.68 * diameter).moved((0, 0, -0.68 * diameter))
    quarter = np.array([(0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)])
    return (Piece(tall.turned(quarter).moved((0, 0, diameter / 2)), "yellow"),)


def block(rng: Random) -> tuple[Piece, ...]:
    """A wooden or coloured block."""
    (side,) = _size(rng, (2.5, 7))
    long = side * float(rng.choice((1.0, 1.0, 2.0)))
    return (Piece(box(long, side, side), ("main", "wood")[int(rng.random() < 0.4)]),)


def cylinder(rng: Random) -> tuple[Piece, ...]:
    """A solid cylinder."""
    diameter, height = _size(rng, (3, 9), (3, 14))
    return (Piece(lathe(_solid(diameter / 2, height)), ("main", "wood")[int(rng.random() < 0.4)]),)


def pan(rng: Random) -> tuple[Piece, ...]:
    """A frying pan."""
    diameter, height = _size(rng, (16, 28), (3, 7))
    wall = _open([(0.42 * diameter, 0), (diameter / 2, height)], 0.003, "dark")
    start = diameter / 2 - 0.005
    path = np.array([(start, 0, 0.7 * height), (start + 0.06, 0, 0.9 * height),
                     (start + float(rng.uniform(0.12, 0.2)), 0, 1.1 * height)])  # fmt: skip
    return (*wall, Piece(tube(path, np.array([0.007, 0.009, 0.01]), 8), "dark2"))


def spoon(rng: Random) -> tuple[Piece, ...]:
    """A spoon."""
    (length,) = _size(rng, (13, 26))
    head = _ellipsoid(0.5, 0.5).moved((0, 0, -0.5)).scaled((0.28 * length, 0.19 * length, 0.012))
    return _cutlery(rng, length, head.moved((0.42 * length, 0, 0.007)))


def fork(rng: Random) -> tuple[Piece, ...]:
    """A fork."""
    (length,) = _size(rng, (14, 21))
    tines = [box(0.22 * length, 0.0028, 0.002).moved((0.44 * length, y, 0.006))
             for y in (-0.009, -0.003, 0.003, 0.009)]  # fmt: skip
    palm = box(0.1 * length, 0.022, 0.002).moved((0.29 * length, 0, 0.005))
    pieces = _cutlery(rng, length, palm)
    return (*pieces, *(Piece(tine, pieces[0].finish) for tine in tines))


def _cutlery(rng: Random, length: float, head: Mesh) -> tuple[Piece, ...]:
    finish = ("metal", "metal", "wood", "main")[int(rng.integers(4))]
    path = np.array([(-0.45 * length, 0, 0.007), (0, 0, 0.009), (0.3 * length, 0, 0.006)])
    rod = tube(path, np.array([0.006, 0.003, 0.0035]), 8)
    return (Piece(head, finish), Piece(rod, finish))


def tape(rng: Random) -> tuple[Piece, ...]:
    """A roll of tape."""
    diameter, width = _size(rng, (6, 12), (1.5, 5.5))
    inner = float(rng.uniform(0.55, 0.78)) * diameter / 2
    outer = lathe([(inner, 0), (diameter / 2, 0), (diameter / 2, width), (inner, width)])
    return (Piece(outer, "main"), Piece(lathe([(inner, width), (inner, 0)]), "card"))


def marker(rng: Random) -> tuple[Piece, ...]:
    """A pen with a cap."""
    (length,) = _size(rng, (11, 16))
    radius = float(rng.uniform(0.004, 0.01))
    cut = float(rng.uniform(-0.05, 0.2)) * length
    body = tube(np.array([(-length / 2, 0, radius), (cut, 0, radius)]), np.full(2, radius), 10)
    cap = np.array([(cut, 0, radius), (length / 2, 0, radius)])
    return (Piece(body, "main"), Piece(tube(cap, np.full(2, 1.06 * radius), 10), "second"))


def jug(rng: Random) -> tuple[Piece, ...]:
    """A jug with a handle."""
    diameter, height = _size(rng, (9, 14), (14, 24))
    radius = diameter / 2
    profile = [(0.8 * radius, 0), (radius, 0.3 * height), (0.8 * radius, 0.75 * height),
               (0.85 * radius, height)]  # fmt: skip
    bend = np.linspace(-math.pi / 2, math.pi / 2, 8)
    path = np.column_stack([0.8 * radius + 0.045 * np.cos(bend), 0 * bend,
                            0.58 * height + 0.3 * height * np.sin(bend)])  # fmt: skip
    return (*_open(profile, 0.004, _inside(rng)), Piece(tube(path, np.full(8, 0.006), 8), "main"))


def remote(rng: Random) -> tuple[Piece, ...]:
    """A remote control with keys."""
    x, y, z = _size(rng, (13, 22), (4, 6), (1.2, 2.5))
    keys = [
        Piece(box(0.008, 0.008, 0.002).moved((0.07 * x * i, 0.25 * y * j, z)), "second")
        for i in range(-5, 6, 2)
        for j in (-1, 0, 1)
    ]
    return (Piece(box(x, y, z), "dark"), *keys)


def sponge(rng: Random) -> tuple[Piece, ...]:
    """A sponge of two layers."""
    x, y, z = _size(rng, (8, 13), (5.5, 8), (2.2, 4))
    layer = box(x, y, 0.25 * z).moved((0, 0, z))
    return (Piece(box(x, y, z), "main"), Piece(layer, "second"))


def _ellipsoid(radius: float, half: float) -> Mesh:
    t = np.linspace(-math.pi / 2, math.pi / 2, 15)
    return lathe([(radius * math.cos(a) + 1e-5, half * (math.sin(a) + 1)) for a in t])


def _solid(radius: float, height: float) -> Profile:
    return [(0.0, 0.0), (radius, 0.0), (radius, height), (0.0, height)]


def _polygon(corners: int) -> NDArray[np.float64]:
    angles = 2 * np.pi * np.arange(corners) / corners
    return np.column_stack([np.cos(angles), np.sin(angles)])
