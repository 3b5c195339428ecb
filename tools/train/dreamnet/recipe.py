"""The recipe: what the network is trained on and how, each number in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SEED = 1
EMOJI_PACKAGE = "@lobehub/fluent-emoji-3d@1.1.0"
EMOJI_INTEGRITY = "sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g=="

EMOJI_SIZE = 112  # pixels a side in the bank
TEXTURE_SIZE = 128
TEXTURES_A_KIND = 70

PICTURE = 96  # pixels a side of a training picture
BATCH = 64
CELLS = 6  # a side: the network's stride is 16
SAMPLED_CELLS = 12  # of the 36, drawn anew each step: the head is most of a step's cost otherwise
WEIGHT_DECAY = 2e-2
AUXILIARY_LOSS = 0.4
SURE_SHARE = 0.6  # an emoji's share of a cell from which an accuracy counts it


@dataclass(frozen=True)
class Phase:
    """One stretch of training; it starts from the averaged weights of the one before."""

    name: str
    about: str
    steps: int  # of the optimiser; about 2.8 a second on two AVX-512 cores
    learning_rate: float
    last_rate: float = 0.02  # of learning_rate, reached in a straight line
    labels: Literal["picture", "cells"] = "cells"
    attack: float = 0.0  # L2 radius of the adversary's change, as grey levels rms
    replays: int = 1  # steps on each batch; each but the first climbs the adversary too (Shafahi et al. 2019, "free")
    natural: bool = False  # hues nearly as the emoji have them


PHASES = (
    Phase("picture", "one label a picture", 1_850, 3e-3, last_rate=0.5, labels="picture"),
    Phase("cells", "each 16x16 cell says what covers it", 3_000, 3e-3, last_rate=0.1),
    Phase("robust", "against an adversary: this is what makes the dreams (Engstrom et al. 2019)", 4_200, 3e-3, attack=3.0, replays=2),
    Phase("natural", "true colours, a stronger adversary", 1_600, 1.5e-3, attack=4.0, replays=2, natural=True),
    Phase("anneal", "true colours, a weaker adversary, to the end of the learning rate", 3_400, 2e-3, attack=2.5, replays=2, natural=True),
)


def phase(name: str) -> Phase:
    for candidate in PHASES:
        if candidate.name == name:
            return candidate
    raise SystemExit(f"There is no phase '{name}'; there are {', '.join(each.name for each in PHASES)}.")
