"""Textures of what animals, plants and buildings are made of."""

from __future__ import annotations

import numpy as np

from .fields import SIZE, TAU, Array, Random, cells, fractal, repeated, soft, turned, warped, wave

Fields = tuple[Array, Array]


def _blank() -> Array:
    return np.zeros((SIZE, SIZE), np.float32)


def plumage(random: Random) -> Fields:
    """Rows of rounded feathers, each half over the one below, with a shaft and slanted barbs."""
    x, y = turned(random, 6)
    pitch = random.uniform(16, 30)
    slant, barb = random.uniform(0.6, 1.4), random.uniform(2.5, 4.5)
    pattern, colour, length = _blank(), _blank(), pitch * 0.75
    row = np.floor(y / length)
    for behind in (1, 0, -1):
        own = row + behind
        across = (x / pitch + own / 2) % 1 - 0.5
        down = (y - own * length) / (pitch * 1.5)
        inside = (np.abs(across) < 0.5 * np.sqrt(np.clip(1 - np.clip(down, 0, 1) ** 2, 0, 1))) & (down < 1) & (down > -0.6)
        rim = 1 - np.clip(np.hypot(across * 2, np.clip(down, 0, None)), 0, 1) ** 6
        barbs = 0.72 + 0.28 * np.sin((y - np.abs(across) * pitch * slant) * TAU / barb)
        pattern = np.where(inside, rim * barbs, pattern)
        colour = np.where(inside, np.clip(np.exp(-np.abs(across) * 18) + np.clip(down, 0, 1) ** 2, 0, 1), colour)
    return pattern, colour


def petals(random: Random) -> Fields:
    """Rings of petals around a heart, as a dahlia's; the rings further in lie on top."""
    pitch = random.uniform(36, 70)
    x, y = repeated(*turned(random, 5), pitch, shifted=True)
    angle, radius = np.arctan2(y, x), np.hypot(x, y) / (pitch * 0.62)
    count, pattern, colour = random.integers(6, 14), _blank(), np.ones((SIZE, SIZE), np.float32)
    for ring in range(6, 0, -1):
        reach = ring / 6
        turn = (angle * count / TAU + 0.5 * (ring % 2)) % 1 - 0.5
        along = radius / reach
        inside = np.abs(turn) < 0.56 * np.sqrt(np.clip(1 - along**2, 0, 1))
        pattern = np.where(inside, (1 - np.abs(turn) * 1.1) * (0.25 + 0.75 * np.clip(along, 0, 1)), pattern)
        colour = np.where(inside, np.clip(1 - along, 0, 1), colour)
    return pattern, colour


def foliage(random: Random) -> Fields:
    """Leaves strewn over each other, each with its rib; lower ones darker."""
    x, y = warped(random, 3)
    pattern, colour = 0.12 * fractal(random, 1.4), fractal(random)
    count, slim = 110, random.uniform(0.3, 0.5)
    for leaf in range(count):
        x0, y0, angle, length = (*random.uniform(-8, SIZE + 8, 2), random.uniform(0, TAU), random.uniform(9, 20))
        along = ((x - x0) * np.cos(angle) + (y - y0) * np.sin(angle)) / length
        across = ((y - y0) * np.cos(angle) - (x - x0) * np.sin(angle)) / length
        inside = np.abs(across) < slim * np.clip(1 - along**2, 0, 1) * (1 - 0.35 * along)
        light = (0.35 + 0.65 * leaf / count) * (0.75 + 0.5 * across / slim) * (1 - 0.5 * np.exp(-np.abs(across) * 22))
        pattern = np.where(inside, np.clip(light, 0, 1), pattern)
        colour = np.where(inside, random.random() * 0.8 + 0.2 * np.exp(-np.abs(across) * 22), colour)
    return pattern, colour


def grass(random: Random) -> Fields:
    """Blades that rise and bend, the nearer ones in front."""
    x, y = warped(random, 2)
    pattern, colour = 0.15 * fractal(random, 1.2), fractal(random)
    count, lean = 160, random.uniform(-0.4, 0.4)
    for blade in range(count):
        root = blade / count * (SIZE + 50)
        x0, bend, height = random.uniform(-10, SIZE + 10), lean + random.uniform(-0.5, 0.5), random.uniform(25, 50)
        rise = np.clip((root - y) / height, 0, 1)
        inside = (np.abs(x - x0 - bend * height * rise**2) < 2.6 * (1 - rise)) & (y < root) & (rise < 1)
        pattern = np.where(inside, (0.35 + 0.65 * rise) * (0.6 + 0.4 * blade / count), pattern)
        colour = np.where(inside, random.random(), colour)
    return np.clip(pattern, 0, 1), colour


def masonry(random: Random) -> Fields:
    """Rough stones of unequal size with joints between."""
    x, y = warped(random, 4)
    height = random.uniform(12, 22)
    row = np.floor(y / height)
    shift, stretch = (np.sin(row * k) * 43758 % 1 for k in (12.9, 78.2))
    width = height * (1.1 + 0.9 * np.abs(stretch))
    column = np.floor((x + np.abs(shift) * 60) / width)
    left = (x + np.abs(shift) * 60) % width
    joint = np.minimum(np.minimum(left, width - left), np.minimum(y % height, height - y % height))
    rough = 0.55 + 0.6 * (fractal(random, 1.1) - 0.5) + 0.3 * fractal(random, 1.8)
    return np.clip(joint / 3, 0, 1) * np.clip(rough, 0, 1), np.abs(np.sin(column * 37.7 + row * 12.9) * 43758) % 1


def windows(random: Random) -> Fields:
    """A front of windows with frames, sills and crossbars."""
    x, y = warped(random, random.uniform(0, 3))
    width = random.uniform(18, 36)
    height = width * random.uniform(1.2, 1.8)
    number = np.sin(np.floor(x / width) * 12.9 + np.floor(y / height) * 78.2) * 43758 % 1
    across, down = np.abs(x % width / width - 0.5), y % height / height - 0.5
    arched = random.random() < 0.5
    top = np.where(down < -0.1, np.hypot(across / 0.28, (down + 0.1) / 0.25) < 1, across < 0.28) if arched else across < 0.28
    frame = np.where(down < -0.1, np.hypot(across / 0.36, (down + 0.1) / 0.33) < 1, across < 0.36) if arched else across < 0.36
    inside, around = top & (np.abs(down) < 0.34), frame & (np.abs(down) < 0.41)
    bars = (across < 0.025) | (np.abs(down + 0.02) < 0.02)
    wall = 0.5 + 0.2 * fractal(random, 1.3)
    glass = np.where(bars, 0.9, 0.08 + 0.5 * (np.abs(number) > 0.6) * (0.5 - down))
    return np.where(inside, glass, np.where(around, 0.95, wall)), np.where(inside, 1.0, 0.2 * fractal(random)).astype(np.float32)


def roof(random: Random) -> Fields:
    """Pantiles: columns of half-round tiles, their lower ends casting shadows."""
    x, y = turned(random, 2)
    pitch = random.uniform(9, 17)
    length = pitch * random.uniform(1.3, 1.9)
    row = np.floor(y / length)
    hump = np.abs(np.sin(np.pi * x / pitch))
    end = (y / length) % 1
    return np.clip(hump**0.8 * (0.35 + 0.65 * end) * (end < 0.93), 0, 1), np.abs(np.sin(np.floor(x / pitch) * 12.9 + row * 78.2) * 43758) % 1


def columns(random: Random) -> Fields:
    """Pointed windows of tracery between slender pillars, rows of them, as in a cathedral."""
    x, y = warped(random, random.uniform(0, 3))
    pitch = random.uniform(26, 48)
    height = pitch * random.uniform(1.8, 2.4)
    across, down = np.abs(x % pitch / pitch - 0.5), (y % height) / pitch
    spring = 0.7
    # Two circles meet in the arch's point.
    span = np.where(down < spring, np.hypot(across + 0.35, spring - down) - 0.35, across)
    ribs = wave(span * TAU * 5) * (span > 0.28)
    light = 0.06 + 0.3 * wave(across * TAU * 8) * (span < 0.26)
    rose = np.hypot(across, down - 0.55) < 0.15
    return np.where(rose, 0.8 * wave(6 * np.arctan2(down - 0.55, across)), ribs * 0.75 + light), (span < 0.27).astype(np.float32)


def crystal(random: Random) -> Fields:
    """Facets, each lit by its own slope."""
    first, second, number = cells(random, 20, 60, warp=0)
    slope = np.abs(np.sin(number * 12.9898) * 43758) % 1
    angle = slope * TAU * 3
    x, y = turned(random, 0)
    shade = 0.5 + 0.5 * np.sin((x * np.cos(angle) + y * np.sin(angle)) / 14)
    return np.clip(shade * 0.55 + slope * 0.4 + 0.5 * soft(second - first - 1, 0.5), 0, 1), np.abs(np.sin(number * 78.2) * 43758) % 1
