"""What a network sees in pictures: the second network's answers to the first one's dreams."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from . import checkpoint

_NAMED = 10  # classes told of each picture


def judge(checkpoint_file: Path, folder: Path) -> None:
    """Prints JSON: for each PNG of the folder, by its name, the classes with the largest mean probability over its cells."""
    network, names = checkpoint.network(checkpoint_file), checkpoint.classes(checkpoint_file)
    seen: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.png")):
        pixels = np.array(Image.open(file).convert("RGB"))
        with torch.no_grad():
            logits = network(torch.from_numpy(pixels).permute(2, 0, 1)[None].float())
        likely = logits.softmax(1).mean((0, 2, 3)).topk(min(_NAMED, len(names))).indices
        seen[file.stem] = [names[index] for index in likely]
    print(json.dumps(seen))
