"""The emoji bank: Microsoft's Fluent Emoji (MIT), 3D-rendered with alpha, from an npm package pinned by its hash."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import tarfile
import unicodedata
from pathlib import Path

import numpy as np
from PIL import Image

from .recipe import EMOJI_INTEGRITY, EMOJI_PACKAGE, EMOJI_SIZE

# Signs, letters and flat shapes: nothing to see in them.
_DULL = re.compile(
    "CLOCK FACE|SQUARED|KEYCAP|REGIONAL|ARROW|SYMBOL|BUTTON|DIGIT|LETTER|HEAVY|NEGATIVE|CIRCLED|TRIANGLE|SQUARE|LARGE .*CIRCLE|MARK|ZODIAC"
    "|ARIES|TAURUS|GEMINI|CANCER|LEO|VIRGO|LIBRA|SCORPIUS|SAGITTARIUS|CAPRICORN|AQUARIUS|PISCES|OPHIUCHUS|IDEOGRAPH|INPUT|DIAMOND SHAPE"
    "|NO ENTRY|PROHIBITED|WITH .*ABOVE|TOP WITH|END WITH|SOON WITH|ON WITH|BACK WITH"
)
_LEAST_MEAN_ALPHA = 25  # of 255: thinner ones cover nothing
_EMOJI_VARIANT = "fe0f"


def download(folder: Path) -> Path:
    """The package's archive, by npm; refused if its bytes are not the pinned ones."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run(
        ["npm", "pack", EMOJI_PACKAGE, "--silent", "--pack-destination", str(folder)], check=True, capture_output=True, text=True
    )
    archive = folder / packed.stdout.strip().splitlines()[-1]
    algorithm, expected = EMOJI_INTEGRITY.split("-", 1)
    found = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode()
    if found != expected:
        archive.unlink()
        raise SystemExit(f"{EMOJI_PACKAGE} has the hash {algorithm}-{found}, and {EMOJI_INTEGRITY} is pinned.")
    return archive


def _name(file: str) -> str | None:
    """Unicode's name of an emoji of one code point; none for sequences (skin tones, flags, families)."""
    points = [point for point in Path(file).stem.split("-") if point != _EMOJI_VARIANT]
    if len(points) != 1:
        return None
    name = unicodedata.name(chr(int(points[0], 16)), None)
    return None if name is None or _DULL.search(name) else name


def read(archive: Path, most: int | None = None) -> tuple[np.ndarray, list[str]]:
    """RGBA pictures [count, size, size, 4] uint8 and their names, sorted by code point as the files are."""
    pictures: list[np.ndarray] = []
    names: list[str] = []
    with tarfile.open(archive) as tar:
        members = {Path(member.name).name: member for member in tar.getmembers() if member.name.endswith(".webp")}
        for file in sorted(members):
            name = _name(file)
            stream = tar.extractfile(members[file])
            if name is None or stream is None or len(names) == most:
                continue
            image = Image.open(io.BytesIO(stream.read())).convert("RGBA")
            picture = np.asarray(image.resize((EMOJI_SIZE, EMOJI_SIZE), Image.Resampling.LANCZOS))
            if picture[..., 3].mean() >= _LEAST_MEAN_ALPHA:
                pictures.append(picture)
                names.append(name)
    return np.stack(pictures), names


def weight(name: str) -> float:
    """How often an emoji is drawn: what makes good dreams, more often."""
    code = ord(unicodedata.lookup(name))
    if 0x1F400 <= code <= 0x1F43F or 0x1F980 <= code <= 0x1F9AE or 0x1FAB0 <= code <= 0x1FABF:
        return 4.0  # animals
    if 0x1F330 <= code <= 0x1F344 or 0x1FAB4 <= code <= 0x1FABB or code == 0x1F490 or 0x1F345 <= code <= 0x1F353:
        return 2.5  # plants and fruit
    if 0x1F600 <= code <= 0x1F64F or 0x1F910 <= code <= 0x1F93A or 0x1F970 <= code <= 0x1F97A:
        return 2.0  # faces
    if 0x1F3D4 <= code <= 0x1F3F0 or code in (0x26EA, 0x1F54C, 0x1F54D, 0x1F5FC, 0x1F5FD, 0x26E9, 0x1F6D5):
        return 3.0  # buildings
    return 0.7
