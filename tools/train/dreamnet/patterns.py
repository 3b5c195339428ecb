"""Textures that fill the plane evenly."""

from __future__ import annotations

import numpy as np

from .fields import SIZE, TAU, Array, Random, X, Y, cells, fractal, frequencies, nearest, repeated, shaped_noise, soft, turned, warped, wave

Fields = tuple[Array, Array]


def stripes(random: Random) -> Fields:
    x, _ = turned(random, 3)
    pitch, share = random.uniform(7, 18), random.uniform(0.3, 0.7)
    return soft(np.abs(x % pitch - pitch / 2) - pitch * share / 2, 0.4), fractal(random)


def checks(random: Random) -> Fields:
    x, y = turned(random)
    pitch = random.uniform(8, 20)
    return ((np.floor(x / pitch) + np.floor(y / pitch)) % 2).astype(np.float32), fractal(random)


def dots(random: Random) -> Fields:
    pitch = random.uniform(9, 20)
    x, y = repeated(*turned(random), pitch, shifted=True)
    return soft(np.hypot(x, y) - pitch * 0.3, 0.5), fractal(random)


def bricks(random: Random) -> Fields:
    x, y = turned(random, 5)
    height = random.uniform(8, 16)
    width = height * random.uniform(1.6, 2.6)
    row = np.floor(y / height)
    x = x + width / 2 * (row % 2)
    joint = np.minimum(np.minimum(x % width, width - x % width), np.minimum(y % height, height - y % height))
    brick = (np.sin(row * 12.9 + np.floor(x / width) * 78.2) * 43758) % 1
    return np.clip(joint / 2, 0, 1), brick


def scales(random: Random) -> Fields:
    """Rows of discs, each half over the one below."""
    x, y = turned(random)
    pitch = random.uniform(10, 22)
    pattern, colour = np.zeros((SIZE, SIZE), np.float32), np.zeros((SIZE, SIZE), np.float32)
    row = np.floor(y / (pitch / 2))
    for behind in (1, 0, -1):
        own = row + behind
        shift = 0.5 * (own % 2)
        centre_x, centre_y = (np.round(x / pitch - shift) + shift) * pitch, own * pitch / 2
        radius = np.hypot(x - centre_x, y - centre_y) / (pitch * 0.62)
        pattern = np.where(radius < 1, 1 - radius**3, pattern)
        colour = np.where(radius < 1, (y - centre_y) / pitch + 0.5, colour)
    return pattern, colour


def honeycomb(random: Random) -> Fields:
    pitch = random.uniform(12, 24)
    across, down = range(-2, int(SIZE / pitch) + 3), range(-2, int(SIZE / pitch / 0.8) + 4)
    points = np.array([(i * pitch + j % 2 * pitch / 2, j * pitch * 0.866) for i in across for j in down])
    first, second, _ = nearest(points, *warped(random, 5))
    return np.clip((second - first) / 3, 0, 1), 1 - first / pitch


def mosaic(random: Random) -> Fields:
    first, second, number = cells(random, 25, 90)
    return np.clip((second - first) / 2.5, 0, 1), number * 0.618 % 1


def bubbles(random: Random) -> Fields:
    first, second, _ = cells(random, 15, 50)
    share = first / (second + 1e-3)
    return np.clip(1 - share**2, 0, 1), np.clip(1 - np.abs(share - 0.55) * 6, 0, 1)


def cracks(random: Random) -> Fields:
    first, second, _ = cells(random, 10, 35, warp=14)
    return np.clip((second - first) / 2, 0, 1) ** 0.5, fractal(random, 1.4)


def fur(random: Random) -> Fields:
    """White noise smeared along a smooth flow."""
    angle = fractal(random, 2.4) * TAU
    noise = random.random((SIZE, SIZE)).astype(np.float32)
    hair, x, y = np.zeros((SIZE, SIZE), np.float32), X.copy(), Y.copy()
    for _ in range(random.integers(8, 16)):
        hair += noise[y.astype(int) % SIZE, x.astype(int) % SIZE]
        x += np.cos(angle)
        y += np.sin(angle)
    return (hair - hair.min()) / np.ptp(hair), angle / TAU


def waves(random: Random) -> Fields:
    x, y = turned(random, 2)
    pitch, length = random.uniform(9, 18), random.uniform(16, 32)
    return wave((y + 0.22 * length * np.sin(x * TAU / length)) * TAU / pitch) ** 1.5, fractal(random)


def marble(random: Random) -> Fields:
    x, _ = turned(random, 3)
    return np.abs(np.sin(x / random.uniform(8, 16) + 7 * fractal(random, 1.7))), fractal(random)


def wood(random: Random) -> Fields:
    x, y = turned(random, 3)
    rings = np.hypot(x * 0.2 + 40, y + 12 * fractal(random, 2.2))
    return rings / random.uniform(5, 10) % 1, fractal(random, 1.2)


def clouds(random: Random) -> Fields:
    return np.clip(fractal(random, 2.0) * 1.6 - 0.3, 0, 1), fractal(random, 2.2)


def _one_frequency(random: Random) -> Array:
    """Noise of about one wavelength, sharpened: what reaction and diffusion leave (Turing 1952)."""
    pitch = 1 / random.uniform(8, 16)
    noise = shaped_noise(random, np.exp(-(((frequencies() - pitch) / (pitch * 0.25)) ** 2)))
    return soft(-4 * noise / noise.std() + random.uniform(-2, 2), 1)


def turing(random: Random) -> Fields:
    return _one_frequency(random), fractal(random)


def net(random: Random) -> Fields:
    """The borders of Turing's blots."""
    return np.exp(-(((_one_frequency(random) - 0.5) / 0.2) ** 2)), fractal(random)


def knit(random: Random) -> Fields:
    pitch = random.uniform(8, 16)
    x, y = turned(random, 3)
    across = x % pitch / pitch
    slanted = y + np.where(across < 0.5, 1, -1) * across * pitch * 1.2
    return wave(slanted * TAU / pitch) * np.sin(np.pi * (across * 2 % 1)), across


def weave(random: Random) -> Fields:
    pitch = random.uniform(8, 18)
    x, y = turned(random, 4)
    over = (np.floor(x / pitch) + np.floor(y / pitch)) % 2
    return np.where(over > 0, np.sin(np.pi * (x % pitch) / pitch), np.sin(np.pi * (y % pitch) / pitch)), over
