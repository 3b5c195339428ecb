"""Compares this project's optical flow with OpenCV's DIS, medium, on pairs of known motion that compare.mjs wrote."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np


def error(found: np.ndarray, known: np.ndarray, inside: np.ndarray) -> float:
    """The mean end-point error where `inside`, in pixels."""
    return float(np.linalg.norm(found - known, axis=-1)[inside].mean())


def main(folder: Path) -> None:
    pairs = json.loads((folder / "pairs.json").read_text())
    width, height = pairs["width"], pairs["height"]
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    rows = []
    for name in pairs["names"]:
        read = lambda part, kind, depth: np.fromfile(folder / f"{name}-{part}.raw", kind).reshape(height, width, depth)  # noqa: E731, B023
        now, before = (cv2.cvtColor(read(part, np.uint8, 3), cv2.COLOR_RGB2GRAY) for part in ("now", "before"))
        known, ours = read("known", np.float32, 2), read("found", np.float32, 2)
        inside = ~np.isnan(known[..., 0])
        rows.append({"motion": name, "ours": error(ours, known, inside), "dis": error(flow.calc(now, before, None), known, inside)})
    for row in rows:
        print(f"{row['motion']:14} ours {row['ours']:.3f}  DIS {row['dis']:.3f}")
    means = {side: float(np.mean([row[side] for row in rows])) for side in ("ours", "dis")}
    print(f"{'mean':14} ours {means['ours']:.3f}  DIS {means['dis']:.3f}")
    print(json.dumps({"pairs": rows, "mean": means}))


main(Path(sys.argv[1]))
