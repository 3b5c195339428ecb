"""Kinds of texture, drawn by formulas. Each gives two fields of 0..1: the pattern, and where to vary its colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import materials, motifs, patterns, scenes
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
    "plumage": materials.plumage,
    "petals": materials.petals,
    "foliage": materials.foliage,
    "grass": materials.grass,
    "masonry": materials.masonry,
    "windows": materials.windows,
    "roof": materials.roof,
    "tracery": materials.columns,
    "crystal": materials.crystal,
    "strokes": scenes.strokes,
    "starburst": scenes.starburst,
    "vortex": scenes.vortex,
    "stalactites": scenes.stalactites,
    "ridges": scenes.ridges,
    "strata": scenes.strata,
    "swell": scenes.swell,
    "starry": scenes.starry,
}
# Kinds that have an above and a below: they are turned but little.
UPRIGHT = frozenset(
    ["arches", "bricks", "flames", "grass", "masonry", "windows", "roof", "tracery", "vortex", "stalactites", "ridges", "strata", "swell", "starburst"]
)


def bank(each: int = TEXTURES_A_KIND) -> np.ndarray:
    """[kinds, each, size, size, 2] uint8."""
    random = np.random.default_rng(SEED)
    drawn = [[np.stack(kind(random), -1) for _ in range(each)] for kind in KINDS.values()]
    return (np.clip(np.array(drawn), 0, 1) * 255).astype(np.uint8)
