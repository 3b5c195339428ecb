"""Textures with something in them to look at: flowers, eyes, spirals."""

from __future__ import annotations

import numpy as np

from .fields import SIZE, TAU, Array, Random, Y, fractal, nearest, repeated, soft, turned, warped, wave

Fields = tuple[Array, Array]


def _strewn(random: Random) -> tuple[Array, Array, Array, float]:
    """
    Radius and angle around the nearest of a few points, the next point's distance beyond, and the points' usual distance. Several
    middles, so that any piece of the texture shows what it is: far from a single one, rings, rays and spirals are all stripes.
    """
    count = random.integers(7, 16)
    jitter = (np.arange(count) * 0.618) % 1 * (SIZE + 20) - 10
    points = np.stack([jitter, (np.arange(count) + 0.5) / count * (SIZE + 20) - 10], -1) + random.uniform(-6, 6, (count, 2))
    x, y = warped(random, 4)
    first, second, number = nearest(points, x, y)
    x, y = x - points[number, 0], y - points[number, 1]
    return first, np.arctan2(y, x), second - first, SIZE / count**0.5


def spiral(random: Random) -> Fields:
    radius, angle, edge, pitch = _strewn(random)
    arms = random.integers(1, 4) * random.choice([-1, 1])
    return wave(arms * angle + radius * TAU / random.uniform(7, 14)) * np.clip(edge / 3, 0, 1), np.clip(1 - radius / pitch, 0, 1)


def rings(random: Random) -> Fields:
    radius, _, edge, pitch = _strewn(random)
    return wave(radius * TAU / random.uniform(6, 12)) * np.clip(edge / 3, 0, 1), np.clip(1 - radius / pitch, 0, 1)


def rays(random: Random) -> Fields:
    radius, angle, edge, pitch = _strewn(random)
    beams = wave(random.integers(7, 16) * angle + random.uniform(-0.05, 0.05) * radius)
    return np.where(radius < pitch * 0.1, 1, beams) * np.clip(edge / 3, 0, 1), np.exp(-radius / pitch * 2)


def mandala(random: Random) -> Fields:
    radius, angle, edge, pitch = _strewn(random)
    petals = np.abs(np.cos(random.integers(5, 10) * angle / 2))
    return wave(radius * TAU / random.uniform(9, 16) + 3 * petals) * np.clip(edge / 3, 0, 1), petals * np.clip(1.4 - radius / pitch, 0, 1)


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
