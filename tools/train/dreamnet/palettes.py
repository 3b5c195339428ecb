"""Natural colours of textures: four of each, two for the pattern's dark places and two for its light ones."""

from __future__ import annotations

import torch

_FUR = ("3a2412 5a3a1e c8965a f0d8a8", "1c1814 3c3630 8a8078 d8d0c4", "5a2a10 7a3e14 e09040 fae0b0", "2a2422 4a3a30 b09880 f8f0e4")
_LEAVES = ("0c2410 1e4018 6aa838 c8dc70", "10301c 284820 4c9850 b8d890", "3a1c08 5a2c0c d87828 f4c84c", "0a2020 1c3c34 58a088 d0e8b8")
_STONE = ("38322c 54483c b0a48c e0d8c4", "4c2418 6c3420 c07850 e8b890", "303438 4c545c 98a0a8 d8dce0", "584428 7c6038 d4b888 f4e8cc")
_FEATHERS = ("281c14 4c3420 b08458 ecdcbc", "04203c 0c3c5c 20a0a8 e8c040", "5c0c10 901c14 f05c28 fcd868", "101418 2c3438 788088 e4e8ec")
_PETALS = ("5c0c24 8c1c3c e85c8c fcd0d8", "7c3c04 a85808 f8b824 fcf0a0", "2c1454 4c2480 a878d8 f0e0fc", "6c0c08 a01c10 f06040 fce0b0")
_SEA = ("04182c 082c48 2c80a8 d8f0f4", "042c34 0c4c54 3cacac e8f8ec", "0c1438 1c2858 4c78b8 c8dcf0")
_NIGHT = ("04041c 0c1034 e8d878 fcfce8", "080420 1c0c40 f060a8 fce0a8", "02081c 081c38 60c8f0 fcf8e0", "0c0408 240c14 f89838 fcf0b0")
_FIRE = ("240404 5c1004 f06c10 fce460", "1c0808 480c08 e04410 fcc038")
_ROCK = ("1c1410 382418 8c6448 d8b488", "141820 28303c 6c7c8c c4d0d8", "2c100c 501c10 b86038 f0c890", "201c14 403828 a09468 e8dcb0")
_WINTER = ("182438 2c3c54 8094ac f4f8fc", "24202c 443c4c 8c88a0 f8f0f0", "1c2c28 3c5048 90a898 fcfcf4", "38202c 5c3848 c08c80 fce8d0")
_STORM = ("18201c 343c3c 788480 ccd0c4", "1c1c28 383848 808098 d4d4d8", "2c241c 4c4030 98886c e0d8bc")
_PAINT = ("081c4c 103478 3c78c0 f0d050", "0c2838 14485c 58a0a0 f4e08c", "1c1444 2c3480 6890d0 fcf0b0", "3c2808 6c4c10 d0a030 f8ec98")
_SKY = ("3c70b0 6c9cd0 c4dcf0 fcfcfc", "5c5080 a87898 f0b890 fce8c8", "485868 707c88 b4bcc4 ececec")
_GLASS = ("101830 201040 2888d0 f0c840", "1c0c2c 480c34 d83850 f8e090", "04242c 0c3c4c 20b0a0 e8f0d0")
_GOLD = ("2c1c04 5c3c0c c89830 fcec9c", "101c2c 20344c c8a048 f8ecc0")

_BY_KIND = {
    "fur": _FUR, "feather": _FEATHERS, "plumage": _FEATHERS, "petals": _PETALS, "flower": _PETALS, "foliage": _LEAVES, "leaf": _LEAVES,
    "grass": _LEAVES, "masonry": _STONE, "bricks": _STONE, "windows": _STONE, "roof": _STONE, "arches": _STONE, "tracery": _STONE + _GLASS,
    "crystal": _GLASS + _SEA, "mosaic": _GLASS + _GOLD, "strokes": _PAINT, "starburst": _NIGHT, "starry": _NIGHT, "vortex": _STORM,
    "stalactites": _ROCK + _FIRE[:1], "ridges": _WINTER, "strata": _ROCK, "swell": _SEA, "waves": _SEA, "bubbles": _SEA, "clouds": _SKY,
    "flames": _FIRE, "scales": _LEAVES + _SEA, "wood": _FUR, "cracks": _ROCK, "marble": _STONE + _WINTER, "mandala": _GOLD + _GLASS,
    "eyes": _FUR + _SEA, "tentacle": _PETALS + _SEA, "honey": _GOLD, "weave": _FUR, "knit": _PETALS + _WINTER, "spiral": _PAINT,
}  # fmt: skip
MOST = 7  # palettes of a kind


def _colours(palette: str) -> list[list[int]]:
    return [list(bytes.fromhex(colour)) for colour in palette.split()]


def of_kinds(kinds: list[str]) -> torch.Tensor:
    """[kinds, MOST, 4, 3]: each kind's palettes, over and over; those of all kinds for a kind without its own."""
    every = [palette for palettes in (_FUR, _LEAVES, _PETALS, _SEA, _GLASS, _GOLD, _PAINT) for palette in palettes[:1]]
    table = [[palettes[i % len(palettes)] for i in range(MOST)] for palettes in (_BY_KIND.get(kind, tuple(every)) for kind in kinds)]
    return torch.tensor([[_colours(palette) for palette in palettes] for palettes in table], dtype=torch.float32)
