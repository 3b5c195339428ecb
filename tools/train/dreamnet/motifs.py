"""Textures with something in them to look at: flowers, eyes, spirals."""

from __future__ import annotations

import numpy as np

from .fields import SIZE, TAU, Array, Random, Y, around, fractal, repeated, soft, turned, warped, wave

Fields = tuple[Array, Array]


def spiral(random: Random) -> Fields:
    _, _, radius, angle = around(random, 5)
    arms = random.integers(1, 4) * random.choice([-1, 1])
    return wave(arms * angle + radius * TAU / random.uniform(10, 26)), np.clip(1 - radius / 90, 0, 1)


def rings(random: Random) -> Fields:
    _, _, radius, _ = around(random, 5)
    return wave(radius * TAU / random.uniform(7, 20)), np.clip(1 - radius / 90, 0, 1)


def rays(random: Random) -> Fields:
    _, _, radius, angle = around(random, 4)
    return wave(random.integers(6, 24) * angle + random.uniform(-0.05, 0.05) * radius), np.exp(-radius / 30)


def mandala(random: Random) -> Fields:
    _, _, radius, angle = around(random, 0)
    petals = np.abs(np.cos(random.integers(5, 13) * angle / 2))
    return wave(radius * TAU / random.uniform(12, 24) + 3 * petals), petals


def flower(random: Random) -> Fields:
    pitch = random.uniform(22, 50)
    x, y = repeated(*turned(random, 5), pitch)
    angle, radius = np.arctan2(y, x) + random.uniform(0, 6), np.hypot(x, y) / pitch
    rim = 0.22 + 0.22 * np.abs(np.cos(random.integers(4, 9) * angle / 2))
    return soft(radius - rim, 0.83 / pitch) * (0.5 + 0.5 * radius / rim), soft(radius - 0.1, 1 / pitch)


def eyes(random: Random) -> Fields:
    pitch = random.uniform(24, 60)
    x, y = repeated(*turned(random, 6), pitch, shifted=True)
    radius = np.hypot(x, y * random.uniform(1, 1.6)) / pitch
    iris, pupil = soft(radius - 0.28, 0.67 / pitch), soft(radius - 0.12, 0.5 / pitch)
    lid = soft(np.hypot(x, y * 1.7) / pitch - 0.44, 1 / pitch)
    spark = np.exp(-((x - pitch * 0.06) ** 2 + (y + pitch * 0.06) ** 2) / (pitch * 0.04) ** 2)
    fibres = np.sin(16 * np.arctan2(y, x))
    return np.clip(lid * (1 - iris * 0.6) + iris * 0.2 * fibres - pupil * 0.6 + spark, 0, 1), iris


def feather(random: Random) -> Fields:
    pitch = random.uniform(18, 40)
    x, y = turned(random)
    across = np.abs(x % pitch - pitch / 2)
    barbs = y + across * random.uniform(0.8, 1.6) + np.floor(x / pitch) * 7
    return wave(barbs * TAU / random.uniform(3.5, 7)) * (1 - across / pitch), np.exp(-across / 1.5)


def leaf(random: Random) -> Fields:
    pitch = random.uniform(24, 50)
    x, y = repeated(*turned(random, 5), pitch, shifted=True)
    across, along = np.abs(x) / pitch, y / pitch
    inside = soft(across - 0.36 * np.cos(along * np.pi), 1 / pitch)
    return inside * (0.55 + 0.45 * np.sin((along + across) * 50)), np.exp(-across * pitch) * inside


def stars(random: Random) -> Fields:
    pitch = random.uniform(20, 44)
    x, y = repeated(*turned(random, 4), pitch)
    points, radius = random.integers(4, 8), np.hypot(x, y) / pitch
    tip = np.abs(np.arctan2(y, x) * points / TAU % 1 * 2 - 1)
    return soft(radius - 0.2 - 0.22 * tip**1.5, 0.67 / pitch), np.exp(-radius * 6)


def arches(random: Random) -> Fields:
    pitch = random.uniform(18, 36)
    x, y = repeated(*turned(random, 3), pitch, pitch * 1.5, shifted=True)
    across, down = x / pitch, y / (pitch * 1.5) + 0.5
    span = np.where(down < 0.4, np.hypot(across, (down - 0.4) * 1.5), np.abs(across))
    return wave(span * 30), soft(span - 0.33, 1 / 40)


def tentacle(random: Random) -> Fields:
    """Winding arms with suckers."""
    x, y = turned(random, 4)
    pitch = random.uniform(16, 30)
    across = (x + pitch * 0.3 * np.sin(y / random.uniform(8, 14))) % pitch / pitch - 0.5
    body = np.sqrt(np.clip(1 - (across / 0.38) ** 2, 0, 1))
    suckers = (y % 8 / 8 - 0.5) ** 2 + (across * 2.2) ** 2
    return body, np.clip(1 - suckers * 14, 0, 1) * body


def flames(random: Random) -> Fields:
    x, _ = warped(random, 18)
    tongues = np.abs(np.sin(x / random.uniform(5, 9) + 4 * fractal(random, 2)))
    return np.clip(tongues * (1.2 - Y / SIZE * random.uniform(0.2, 1)), 0, 1), Y / SIZE
