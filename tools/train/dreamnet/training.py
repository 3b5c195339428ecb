"""Trains one phase: dense labels, and where the phase says so against an L2 adversary."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, IterableDataset

from . import adversary, bank, checkpoint, dreams
from .composition import GROUNDS, Batch
from .muon import Muon
from .network import AUXILIARY_BLOCK, Network, scaled
from .recipe import AUXILIARY_LOSS, SURE_SHARE, WEIGHT_DECAY, Phase, Variant, stream_of

_WARM_UP = 200  # steps
_REPORT_EVERY, _SAVE_EVERY = 100, 300  # steps
_KEEP_EVERY = 300  # seconds
# 2.1 times float32's speed on processors that multiply bfloat16, half of it on others (measured).
_BFLOAT16 = any(torch.cpu.get_capabilities().get(name, False) for name in ("avx512_bf16", "amx_bf16", "sve_bf16"))


class _Batches(IterableDataset):
    """Batches from a number on, composed in a process of their own."""

    def __init__(self, file: Path, phase: Phase, seed: int, first: int) -> None:
        self._file, self._phase, self._seed, self._first = file, phase, seed, first

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
        torch.set_num_threads(1)
        loaded, phase, number = bank.load(self._file), self._phase, self._first
        while True:
            yield Batch(loaded, stream_of(phase), number, phase.natural, phase.picture, phase.batch, self._seed, phase.ground_alone).draw()
            number += 1


@dataclass
class _Tally:
    """What happened since the last report."""

    loss: float = 0
    hits: float = 0
    steps: int = 0


def _optimisers(network: Network, phase: Phase) -> list[torch.optim.Optimizer]:
    """Muon for filters, AdamW for what is no matrix, and for the heads, as Jordan advises."""
    filters = [each for each in network.parameters() if each.ndim == 4]
    others = [each for each in network.parameters() if each.ndim != 4]
    settings = {"lr": phase.learning_rate, "weight_decay": WEIGHT_DECAY}
    return [Muon(filters, **settings), torch.optim.AdamW(others, **settings)]


class Trainer:
    def __init__(self, phase: Phase, variant: Variant, bank_file: Path, file: Path, start: Path | None) -> None:
        """`start` holds what to go on from: the phase before, or this phase's weights as `checkpoint.save_weights` wrote them."""
        self._phase, self._variant, self._bank_file, self._file = phase, variant, bank_file, file
        torch.manual_seed(variant.seed)
        self._classes = bank.classes(bank_file)
        network = Network(len(self._classes), scaled(variant.width))
        self._network = network.to(memory_format=torch.channels_last)
        self._step = self._warm_from = 0
        if start and not file.exists():
            self._network.load_state_dict(checkpoint.network(start).state_dict())
            state = checkpoint.load(start)
            if state.get("phase") == phase.name:
                self._step = self._warm_from = state["step"]
        self._average = copy.deepcopy(self._network).requires_grad_(False)
        self._optimisers = _optimisers(self._network, phase)
        if file.exists():
            self._resume(checkpoint.load(file))

    def _resume(self, state: dict) -> None:
        self._network.load_state_dict(state["network"])
        self._average.load_state_dict(state["average"])
        for optimiser, kept in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self._step, self._warm_from = state["step"], state["warm_from"]

    def _facts(self) -> dict[str, int | list[str]]:
        return {"step": self._step, "warm_from": self._warm_from, "classes": self._classes}

    def _save(self) -> None:
        parts = {"network": self._network.state_dict(), "average": self._average.state_dict()}
        optimisers = {"optimisers": [optimiser.state_dict() for optimiser in self._optimisers]}
        checkpoint.save(parts | optimisers | self._facts(), self._file)

    def _keep(self) -> None:
        """The average as it is now, with a sheet of its dreams: later is not always prettier, and an eye must choose."""
        kept = self._file.parent / "kept" / f"{self._file.stem}-{self._step}.pt"
        self._save()
        checkpoint.save_weights(self._file, self._phase.name, kept)
        dreams.sheet(kept, bank.load(self._bank_file), None, kept.with_suffix(".jpg"), brief=True)

    def _say(self, line: str) -> None:
        """To the terminal, and to the run's log with the time of day."""
        print(line, flush=True)
        with self._file.with_name("log.txt").open("a") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")

    def _learning_rate(self, done: float) -> float:
        fall = max(1 - (1 - self._phase.last_rate) * done, self._phase.last_rate)
        return self._phase.learning_rate * fall * min(1, (self._step - self._warm_from + 1) / _WARM_UP)

    def _entropy(self, logits: torch.Tensor, classes: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
        """Cross-entropy: logits [batch, cells, classes] against each class's share of the cell, [batch, of a picture, cells]."""
        likelihood = F.log_softmax(logits.float(), -1)
        chosen = likelihood.gather(2, classes[:, None, :].expand(-1, logits.shape[1], -1))
        return -(chosen * shares.transpose(1, 2)).sum(-1).mean()

    def _loss(self, picture: torch.Tensor, classes: torch.Tensor, shares: torch.Tensor) -> tuple[torch.Tensor, float]:
        """The loss, and the share of cells that show an emoji whose class was found."""
        network = self._network
        outputs = network.features(picture)
        deep, middle = outputs["5a"].flatten(2), outputs[AUXILIARY_BLOCK].flatten(2)
        fewer = torch.randperm(deep.shape[2])[: max(1, deep.shape[2] // 4)]
        logits = network.classes(deep.transpose(1, 2))
        auxiliary = network.auxiliary(middle[:, :, fewer].transpose(1, 2))
        asked = shares.flatten(2)
        loss = self._entropy(logits, classes, asked) + AUXILIARY_LOSS * self._entropy(auxiliary, classes, asked[:, :, fewer])
        found = logits.float().argmax(-1) == classes.gather(1, asked.argmax(1))
        sure = asked[:, GROUNDS:].amax(1) > SURE_SHARE
        return loss, (found & sure).sum().item() / max(1, sure.sum().item())

    def _batch(self, pictures: torch.Tensor, classes: torch.Tensor, shares: torch.Tensor, tally: _Tally) -> None:
        """All the steps on one batch; the adversary's change grows from step to step."""
        phase, done = self._phase, self._step / self._phase.steps
        first, last = phase.attack
        radius = adversary.radius(first + (last - first) * min(1, 2 * done), phase.picture)
        pictures = pictures.contiguous(memory_format=torch.channels_last)
        change = torch.zeros_like(pictures)
        if radius > 0:
            change = torch.randn(pictures.shape).contiguous(memory_format=torch.channels_last)
            change *= 0.5 * radius / adversary.norm(change)
        for replay in range(phase.replays):
            climbs = radius > 0 and replay + 1 < phase.replays
            for optimiser in self._optimisers:
                for group in optimiser.param_groups:
                    group["lr"] = self._learning_rate(self._step / phase.steps)
            seen = (pictures + change).requires_grad_(climbs)
            with torch.autocast("cpu", torch.bfloat16, enabled=_BFLOAT16):
                loss, hits = self._loss(seen, classes, shares)
            self._network.zero_grad()
            loss.backward()
            if climbs:
                change = adversary.within(change + seen.grad * (radius / adversary.norm(seen.grad)), radius)
            for optimiser in self._optimisers:
                optimiser.step()
            self._step += 1
            tally.steps, tally.loss, tally.hits = tally.steps + 1, tally.loss + loss.item(), tally.hits + hits
            if self._step % 4 == 0:
                self._follow()

    def _follow(self) -> None:
        """The weights' moving average, which is what the next phase and the export take."""
        since = self._step - self._warm_from
        keep = min(0.992, since / (since + 80))
        for average, now in zip(self._average.state_dict().values(), self._network.state_dict().values(), strict=True):
            if average.dtype.is_floating_point:
                average.lerp_(now, 1 - keep)
            else:
                average.copy_(now)

    def run(self, most_steps: int | None = None) -> None:
        """Trains to the phase's end, or for so many steps; prints a line every hundred."""
        phase, started, tally = self._phase, time.monotonic(), _Tally()
        kept = started
        last = phase.steps if most_steps is None else min(phase.steps, self._step + most_steps)
        if self._step >= last:
            return self._say(f"{phase.name}: done before")
        source = _Batches(self._bank_file, phase, self._variant.seed, self._step // phase.replays)
        for pictures, classes, shares in DataLoader(source, batch_size=None, num_workers=1, prefetch_factor=4):
            # What chance decides in a step depends on its number alone, so that a resumed run is the run itself.
            torch.manual_seed(self._variant.seed + self._step)
            before = self._step
            self._batch(pictures, classes, shares, tally)
            over = self._step >= last
            if over or before // _REPORT_EVERY != self._step // _REPORT_EVERY:
                seconds = time.monotonic() - started
                self._say(
                    f"{phase.name}: step {self._step} of {phase.steps}, loss {tally.loss / tally.steps:.3f}, "
                    f"accuracy {tally.hits / tally.steps:.3f}, {phase.batch * tally.steps / seconds:.0f} pictures/s"
                )
                started, tally = time.monotonic(), _Tally()
            if over or before // _SAVE_EVERY != self._step // _SAVE_EVERY:
                self._save()
            if over:
                return None
            if time.monotonic() - kept > _KEEP_EVERY:
                self._keep()
                kept = time.monotonic()
        return None
