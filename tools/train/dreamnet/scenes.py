"""Textures that are small scenes: skies, seas, mountains, caves, and the strokes of a brush."""

from __future__ import annotations

import numpy as np

from .fields import SIZE, TAU, Array, Random, X, Y, fractal, soft, warped, wave

Fields = tuple[Array, Array]


def _swirls(random: Random) -> Array:
    """The phase of a flow that turns around a few points, as the sky of The Starry Night does."""
    phase = 26 * (fractal(random, 2.6) - 0.5)
    for _ in range(random.integers(2, 5)):
        x0, y0 = random.uniform(8, SIZE - 8, 2)
        radius = np.hypot(X - x0, Y - y0)
        phase = phase + np.exp(-((radius / random.uniform(18, 36)) ** 2)) * (radius - 30) * random.uniform(0.8, 1.3)
    return phase


def strokes(random: Random) -> Fields:
    """Short thick brush strokes along a swirling flow."""
    phase = _swirls(random) * random.uniform(0.8, 1.3)
    down, across = np.gradient(phase)
    angle = np.arctan2(-across, down)
    half = random.random((SIZE // 2, SIZE // 2))
    noise = np.kron(half * (random.random(half.shape) < 0.16), np.ones((2, 2))).astype(np.float32)
    paint = np.zeros((SIZE, SIZE), np.float32)
    for direction in (1, -1):
        x, y = X.copy(), Y.copy()
        for _ in range(7):
            paint = np.maximum(paint, noise[y.astype(int) % SIZE, x.astype(int) % SIZE])
            x, y = x + direction * np.cos(angle), y + direction * np.sin(angle)
    ridge = wave(phase * 2.2)
    return np.clip(0.45 * paint + 0.55 * ridge, 0, 1), np.clip(wave(phase * 0.7) * 0.8 + 0.4 * paint, 0, 1)


def starburst(random: Random) -> Fields:
    """Fireworks: trails that fly apart from a few points and end in sparks."""
    light, colour = np.zeros((SIZE, SIZE), np.float32), fractal(random)
    for _ in range(random.integers(4, 9)):
        x0, y0 = random.uniform(0, SIZE, 2)
        reach, count, sag = random.uniform(20, 48), random.integers(14, 34), random.uniform(0, 0.012)
        x, y = X - x0, Y - y0
        y = y - sag * x**2
        radius, turn = np.hypot(x, y) / reach, np.arctan2(y, x) * count / TAU
        number = np.floor(turn)
        end = 0.75 + 0.25 * np.sin(number * 12.9)
        thin = np.abs(turn - number - 0.5) * TAU / count * radius * reach
        trail = np.exp(-((thin / 0.9) ** 2)) * (radius < end) * (radius / end) ** 0.7
        spark = np.exp(-(((radius - end) * reach) ** 2 + thin**2) / 3.0)
        burst = np.clip(trail * 0.8 + spark * 1.2 + 0.8 * np.exp(-((radius / 0.09) ** 2)), 0, 1)
        colour = np.where(burst > np.maximum(light, 0.08), (number * 0.618 + x0) % 1 * 0.4 + 0.6 * radius.clip(0, 1), colour)
        light = np.maximum(light, burst)
    return light, colour


def vortex(random: Random) -> Fields:
    """A tornado's funnel: winding bands, narrow below and wide above, in a sky of turning streaks."""
    x, y = warped(random, 5)
    x0 = SIZE / 2 + random.uniform(-26, 26)
    turning = np.hypot((x - x0) / 2.2, y - SIZE * 0.35 + 6 * fractal(random, 1.6))
    sky = 0.25 + 0.3 * wave(turning * TAU / random.uniform(7, 12)) * fractal(random, 1.6) + 0.25 * fractal(random, 1.9)
    middle = x0 + random.uniform(3, 10) * np.sin(y / random.uniform(16, 30) + random.uniform(0, TAU))
    height = np.clip(1 - y / (SIZE * random.uniform(0.95, 1.3)), 0, 1)
    half = 5 + random.uniform(45, 70) * height ** random.uniform(1.0, 1.7)
    across = (x - middle) / half
    # Bands around a cone are arcs that hang.
    bands = wave((y - 0.35 * half * np.sqrt(np.clip(1 - across**2, 0, 1)) + across * 7) * TAU / random.uniform(6, 12))
    cone = soft(np.abs(across) - 0.95, 0.06)
    lit = np.sqrt(np.clip(1 - across**2, 0, 1)) * 0.55 + 0.3 * (across + 1) / 2
    return np.clip(sky * (1 - cone) + cone * lit * (0.45 + 0.75 * bands), 0, 1), np.clip(cone * 0.8 + 0.2 * fractal(random), 0, 1)


def stalactites(random: Random) -> Fields:
    """A cave: spikes that hang from above and rise from below, before a glow."""
    glow = np.exp(-(((X - random.uniform(30, 98)) ** 2 + (Y - random.uniform(50, 80)) ** 2) / random.uniform(25, 45) ** 2))
    pattern, colour = 0.1 + 0.8 * glow, np.zeros((SIZE, SIZE), np.float32)
    rough = 3 * (fractal(random, 1.3) - 0.5)
    for depth in np.linspace(0.3, 1, 5):
        for hangs in (True, False):
            for _ in range(random.integers(5, 10)):
                x0, length, width = random.uniform(-8, SIZE + 8), random.uniform(30, 95) * depth, random.uniform(4, 12)
                down = (Y if hangs else SIZE - Y) / (length if hangs else length * 0.6)
                half = width * np.clip(1 - down, 0, 1) ** 0.6 + 1.5
                across = (X - x0 + rough * 0.6) / half
                inside = (np.abs(across) < 1) & (down < 1)
                stone = (0.2 + 0.5 * np.sqrt(np.clip(1 - across**2, 0, 1))) * (1.15 - 0.75 * depth) + 0.1 * np.sin(Y / 2.5 + rough * 2)
                pattern, colour = np.where(inside, stone, pattern), np.where(inside, 0.3 + 0.7 * depth, colour)
    return np.clip(pattern, 0, 1), colour


def ridges(random: Random) -> Fields:
    """Mountain ranges one behind the other, with snow and gullies; haze takes the far ones."""
    pattern, colour = 0.85 - 0.25 * Y / SIZE + 0.1 * fractal(random, 2), np.ones((SIZE, SIZE), np.float32)
    for depth in np.linspace(0.1, 1, random.integers(2, 5)):
        tops = 0.12 + 0.65 * depth + random.uniform(-0.08, 0.08)
        line = np.full(SIZE, tops * SIZE, np.float32)
        for octave in range(1, 6):
            pitch = SIZE / (1.4**octave) / random.uniform(1, 1.6)
            line -= random.uniform(0.3, 0.6) * pitch * (1 - 2 * np.abs((np.arange(SIZE) / pitch + random.random()) % 1 - 0.5))
        below = Y - (line + 20)[None, :]
        facing = np.gradient(line)[None, :] + 2.5 * (fractal(random, 1.5) - 0.5)
        gully = 0.45 + 0.4 * np.tanh(facing + 0.8 * np.sin(X / 4 + below / 5))
        snow = np.clip(1 - below / random.uniform(10, 30), 0, 1) * (gully > 0.35)
        rock = (gully * 0.6 + 0.5 * snow) * (0.35 + 0.65 * depth) + 0.4 * (1 - depth)
        pattern, colour = np.where(below > 0, rock, pattern), np.where(below > 0, np.clip(0.15 + 0.7 * depth - snow, 0, 1), colour)
    return np.clip(pattern, 0, 1), colour


def strata(random: Random) -> Fields:
    """Layers of rock, folded and broken by a fault."""
    x, y = warped(random, 16)
    fault = (x + 0.4 * y - random.uniform(50, 130)) > 0
    height = y + fault * random.uniform(5, 18) + random.uniform(-0.25, 0.25) * x
    thickness = random.uniform(5, 10)
    layer = np.floor(height / thickness + 0.8 * np.sin(height / 11))
    grain = 0.25 * (fractal(random, 1.0) - 0.5) + 0.1 * np.sin(height * 2.4)
    tone = np.abs(np.sin(layer * 12.9898) * 43758) % 1
    return np.clip(0.15 + 0.7 * tone + grain, 0, 1), np.abs(np.sin(layer * 78.233) * 43758) % 1


def swell(random: Random) -> Fields:
    """A sea: peaked waves, smaller towards the horizon, with foam on the crests."""
    x, y = warped(random, 8)
    far = np.clip(y / SIZE, 0, 1) * 0.9 + 0.1
    phase = random.uniform(22, 36) * np.log(far) + 1.3 * np.sin(x / (26 * far) + 3 * fractal(random, 2.2))
    rise = phase / TAU % 1
    crest = rise**3
    foam = crest * (fractal(random, 1.2) > 0.5)
    return np.clip(0.12 + 0.6 * crest + 0.5 * foam, 0, 1), np.clip(rise * 0.7 + foam, 0, 1)


def starry(random: Random) -> Fields:
    """A night sky: stars of several sizes, some with a cross of light, over a milky band."""
    band = np.exp(-(((X - Y * random.uniform(-1, 1) - random.uniform(0, SIZE)) / 26) ** 2)) * fractal(random, 1.6)
    light = 0.35 * band
    for _ in range(random.integers(40, 110)):
        x0, y0, size = (*random.uniform(0, SIZE, 2), random.uniform(0.5, 1) ** 3 * 2.2)
        x, y = X - x0, Y - y0
        cross = np.exp(-np.abs(x) / size / 2.5 - np.abs(y) * 1.6) + np.exp(-np.abs(y) / size / 2.5 - np.abs(x) * 1.6)
        light = light + np.exp(-(x**2 + y**2) / size**2) + (0.5 * cross if size > 1.2 else 0)
    return np.clip(light, 0, 1), fractal(random)
