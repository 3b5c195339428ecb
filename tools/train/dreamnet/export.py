"""Writes a checkpoint as a frozen graph with its class names, after checking that the two answer alike."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from . import bank as banks
from . import checkpoint, graph
from .folding import channel_rms, fold
from .network import MEAN, Network
from .recipe import SEED

# Of the largest answer: float16 weights cost 4e-4 to 7e-4 (measured); a wrong padding or order costs a hundred times that.
_TOLERANCE = 2e-3
MOST_BYTES = 4_000_000


def difference(serialized: bytes, network: Network) -> float:
    """The largest difference of the graph's answers from the network's, as a share of the largest; of odd sizes too."""
    random = torch.Generator().manual_seed(SEED)
    worst = 0.0
    for height, width in ((96, 96), (101, 143)):
        picture = torch.rand(2, 3, height, width, generator=random) * 255
        with torch.no_grad():
            expected = network(picture).permute(0, 2, 3, 1).numpy()
        found = graph.run(serialized, picture.permute(0, 2, 3, 1).numpy() - MEAN, graph.HEAD)
        worst = max(worst, float(np.abs(found - expected).max() / np.abs(expected).max()))
    return worst


def export(checkpoint_file: Path, bank_file: Path, folder: Path) -> None:
    """Writes graph.pb and classes.json; exits without writing if the graph does not equal the network."""
    network, bank = checkpoint.network(checkpoint_file), banks.load(bank_file)
    serialized = graph.build(fold(network, channel_rms(network, bank)))
    worst = difference(serialized, network)
    if not worst <= _TOLERANCE:
        raise SystemExit(f"The graph's answers differ from the network's by {worst:.2g} of the largest, more than {_TOLERANCE}.")
    if len(serialized) > MOST_BYTES:
        raise SystemExit(f"The graph has {len(serialized)} bytes, more than {MOST_BYTES}.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "graph.pb").write_bytes(serialized)
    (folder / "classes.json").write_text(json.dumps(bank.classes, indent=0) + "\n")
    sha256 = hashlib.sha256(serialized).hexdigest()
    print(f"{folder / 'graph.pb'}: {len(serialized)} bytes, SHA-256 {sha256}, within {worst:.2g} of the network", flush=True)
