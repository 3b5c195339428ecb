"""What textures are drawn from: warped and turned coordinates, fractal noise, cells. All arrays are [size, size] float32."""

from __future__ import annotations

import numpy as np

from .recipe import TEXTURE_SIZE as SIZE

TAU = 2 * np.pi
Array = np.ndarray
Random = np.random.Generator

Y, X = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)


def soft(distance: Array, width: float) -> Array:
    """1 inside (distance below 0), 0 outside, a soft edge of `width` between."""
    return 1 / (1 + np.exp(np.clip(distance / width, -60, 60)))


def wave(phase: Array) -> Array:
    """A sine from 0 to 1; the phase in radians."""
    return 0.5 + 0.5 * np.sin(phase)


def shaped_noise(random: Random, amplitude: Array) -> Array:
    """Noise with the given amplitude at each frequency of `frequencies()` and random phases."""
    return np.real(np.fft.ifft2(amplitude * np.exp(1j * TAU * random.random((SIZE, SIZE)))))


def frequencies() -> Array:
    """Cycles a pixel of each term of the Fourier transform."""
    axis = np.fft.fftfreq(SIZE)
    return np.hypot(*np.meshgrid(axis, axis))


def fractal(random: Random, slope: float = 1.8) -> Array:
    """Noise whose amplitude falls with frequency to the power `slope`, stretched to 0..1."""
    frequency = frequencies()
    frequency[0, 0] = 1
    amplitude = frequency**-slope
    amplitude[0, 0] = 0
    noise = shaped_noise(random, amplitude)
    return ((noise - noise.min()) / (np.ptp(noise) + 1e-9)).astype(np.float32)


def warped(random: Random, amount: float) -> tuple[Array, Array]:
    """The pixels' coordinates, moved smoothly by up to `amount` pixels."""
    return X + amount * (2 * fractal(random, 2.2) - 1), Y + amount * (2 * fractal(random, 2.2) - 1)


def turned(random: Random, most_warp: float = 8) -> tuple[Array, Array]:
    """Warped coordinates around the middle, turned by any angle."""
    x, y = warped(random, random.uniform(0, most_warp))
    x, y = x - SIZE / 2, y - SIZE / 2
    angle = random.uniform(0, TAU)
    return x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)


def repeated(x: Array, y: Array, pitch: float, height: float | None = None, shifted: bool = False) -> tuple[Array, Array]:
    """Coordinates around the middle of each field of a grid; `shifted` moves every second row by half a field."""
    height = pitch if height is None else height
    if shifted:
        x = x + pitch / 2 * (np.floor(y / height) % 2)
    return x % pitch - pitch / 2, y % height - height / 2


def nearest(points: Array, x: Array, y: Array) -> tuple[Array, Array, Array]:
    """The distances to the nearest and the second nearest point, and the nearest's number."""
    distance = np.hypot(x[..., None] - points[:, 0], y[..., None] - points[:, 1])
    order = np.argpartition(distance, 1, axis=-1)[..., :2]
    first = np.take_along_axis(distance, order, -1)
    return first[..., 0], first[..., 1], order[..., 0]


def cells(random: Random, least: int, most: int, warp: float = 6) -> tuple[Array, Array, Array]:
    """`nearest` for points strewn at random."""
    points = random.uniform(-10, SIZE + 10, (random.integers(least, most), 2))
    return nearest(points, *warped(random, warp))
