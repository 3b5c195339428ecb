"""The emoji bank: Microsoft's Fluent Emoji (MIT), 3D-rendered with alpha, from an npm package pinned by its hash."""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import tarfile
import unicodedata
from pathlib import Path

import numpy as np
from PIL import Image

from . import families
from .recipe import EMOJI_INTEGRITY, EMOJI_PACKAGE, EMOJI_SIZE

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
    """Unicode's name of an emoji of one code point, in small letters; none for sequences (skin tones, flags, families)."""
    points = [point for point in Path(file).stem.split("-") if point != _EMOJI_VARIANT]
    if len(points) != 1:
        return None
    name = unicodedata.name(chr(int(points[0], 16)), "").lower()
    return name if families.learned(name) else None


def read(archive: Path, most: int | None = None) -> tuple[np.ndarray, list[str]]:
    """RGBA pictures [count, size, size, 4] uint8 and their names, sorted by code point as the files are."""
    pictures: list[np.ndarray] = []
    names: list[str] = []
    with tarfile.open(archive) as tar:
        members = {Path(member.name).name: member for member in tar.getmembers() if member.name.endswith(".webp")}
        for file in sorted(members):
            name = _name(file)
            stream = tar.extractfile(members[file])
            if name is None or name in names or stream is None or len(names) == most:
                continue
            image = Image.open(io.BytesIO(stream.read())).convert("RGBA")
            pictures.append(np.asarray(image.resize((EMOJI_SIZE, EMOJI_SIZE), Image.Resampling.LANCZOS)))
            names.append(name)
    return np.stack(pictures), names
