"""Thirty kinds of texture, drawn by formulas. Each gives two fields of 0..1: the pattern, and where to vary its colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import motifs, patterns
from .fields import Array, Random
from .recipe import SEED, TEXTURES_A_KIND

Kind = Callable[[Random], tuple[Array, Array]]

# Their order is that of the network's last channels.
KINDS: dict[str, Kind] = {
    "stripes": patterns.stripes,
    "checks": patterns.checks,
    "dots": patterns.dots,
    "bricks": patterns.bricks,
    "scales": patterns.scales,
    "honey": patterns.honeycomb,
    "mosaic": patterns.mosaic,
    "bubbles": patterns.bubbles,
    "cracks": patterns.cracks,
    "spiral": motifs.spiral,
    "rings": motifs.rings,
    "rays": motifs.rays,
    "mandala": motifs.mandala,
    "flower": motifs.flower,
    "eyes": motifs.eyes,
    "fur": patterns.fur,
    "feather": motifs.feather,
    "leaf": motifs.leaf,
    "waves": patterns.waves,
    "marble": patterns.marble,
    "wood": patterns.wood,
    "clouds": patterns.clouds,
    "turing": patterns.turing,
    "net": patterns.net,
    "stars": motifs.stars,
    "knit": patterns.knit,
    "weave": patterns.weave,
    "arches": motifs.arches,
    "tentacle": motifs.tentacle,
    "flames": motifs.flames,
}


def bank(each: int = TEXTURES_A_KIND) -> np.ndarray:
    """[kinds, each, size, size, 2] uint8."""
    random = np.random.default_rng(SEED)
    drawn = [[np.stack(kind(random), -1) for _ in range(each)] for kind in KINDS.values()]
    return (np.clip(np.array(drawn), 0, 1) * 255).astype(np.uint8)
