"""The recipe: what the network is trained on and how, each number in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace

SEED = 1
EMOJI_PACKAGE = "@lobehub/fluent-emoji-3d@1.1.0"
EMOJI_INTEGRITY = "sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g=="

EMOJI_SIZE = 128  # pixels a side in the bank
TEXTURE_SIZE = 128
TEXTURES_A_KIND = 70

CELL = 16  # pixels a side: the network's stride
WEIGHT_DECAY = 2e-2
AUXILIARY_LOSS = 0.4
OBJECT_WEIGHT = 2.5  # a cell that an emoji and its ground share is asked for the emoji rather
SURE_SHARE = OBJECT_WEIGHT / (OBJECT_WEIGHT + 1)  # an emoji's share so weighted from which an accuracy counts it: half of the cell


@dataclass(frozen=True)
class Variant:
    """A network of the recipe: the package's own, and the judge that never dreams and says what dreams show."""

    name: str
    seed: int
    width: float  # of the blocks' channels
    share: float  # of each phase's steps


VARIANTS = (Variant("dream", SEED, 1.0, 1.0), Variant("judge", 2, 0.75, 0.2))


@dataclass(frozen=True)
class Phase:
    """One stretch of training; it starts from the averaged weights of the one before."""

    name: str
    about: str
    steps: int  # of the optimiser; about three a second on two AVX-512 cores
    learning_rate: float
    last_rate: float  # of learning_rate, reached in a straight line
    attack: tuple[float, float] = (0.0, 0.0)  # L2 radius of the adversary's change, as grey levels rms: at first, and from half-way on
    replays: int = 1  # steps on each batch; each but the first climbs the adversary too (Shafahi et al. 2019, "free")
    natural: bool = False  # hues nearly as they are in nature
    picture: int = 96  # pixels a side
    batch: int = 64
    ground_alone: float = 0.0  # the share of pictures without any emoji


PHASES = (
    Phase("cells", "each 16x16 cell says what covers it", 2_000, 3e-3, 0.4),
    Phase("robust", "against a growing adversary: this makes the dreams (Engstrom et al. 2019)", 5_000, 3e-3, 0.3, (1.0, 3.0), 2),
    Phase("natural", "true colours, a stronger adversary", 5_000, 2e-3, 0.3, (3.0, 3.5), 2, natural=True),
    Phase(
        "large",
        "larger pictures, more of them textures",
        4_000, 1.5e-3, 0.01, (3.0, 2.5), 2, natural=True, picture=128, batch=36, ground_alone=0.25,
    ),
    Phase(
        "wide",
        "pictures larger still, half of them textures alone, a weaker adversary",
        1_500, 1e-3, 0.01, (2.5, 2.0), 2, natural=True, picture=160, batch=24, ground_alone=0.5,
    ),
)


def phase(name: str) -> Phase:
    for candidate in PHASES:
        if candidate.name == name:
            return candidate
    raise SystemExit(f"There is no phase '{name}'; there are {', '.join(each.name for each in PHASES)}.")


def phase_of(variant: Variant, name: str) -> Phase:
    """The phase, as long as this network goes through it."""
    whole = phase(name)
    return replace(whole, steps=round(whole.steps * variant.share))


def stream_of(phase: Phase) -> int:
    """Which pictures it sees; other phases see others."""
    return [each.name for each in PHASES].index(phase.name)


def variant(name: str) -> Variant:
    for candidate in VARIANTS:
        if candidate.name == name:
            return candidate
    raise SystemExit(f"There is no network '{name}'; there are {', '.join(each.name for each in VARIANTS)}.")
