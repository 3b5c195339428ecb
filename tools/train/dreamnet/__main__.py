"""The training's commands. `python -m dreamnet --help`, or `npm run train -- --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import bank as banks
from .recipe import PHASES, TEXTURES_A_KIND, VARIANTS, phase_of, variant


class Run:
    """The files of one training run, all in one folder; each network of the recipe has checkpoints of its own."""

    def __init__(self, folder: Path, network: str) -> None:
        self.folder = folder
        self.bank = folder / "bank.npz"
        self.variant = variant(network)

    def _file(self, name: str, suffix: str) -> Path:
        first = self.variant.name == VARIANTS[0].name
        return self.folder / f"{name if first else f'{self.variant.name}-{name}'}{suffix}"

    def checkpoint(self, name: str) -> Path:
        return self._file(name, ".pt")

    def sheet(self, name: str) -> Path:
        return self._file(name, ".jpg")

    def before(self, name: str) -> Path | None:
        """The checkpoint that a phase starts from."""
        index = [each.name for each in PHASES].index(name)
        return None if index == 0 else self.checkpoint(PHASES[index - 1].name)


def make_bank(run: Run, args: argparse.Namespace) -> None:
    if not run.bank.exists():
        run.folder.mkdir(parents=True, exist_ok=True)
        banks.make(run.folder, run.bank, args.emoji, args.textures)


def train(run: Run, name: str, steps: int | None, start: Path | None) -> None:
    from .training import Trainer

    before = start or run.before(name)
    if before is not None and not before.exists() and not run.checkpoint(name).exists():
        raise SystemExit(f"{before} is missing: train the phase '{before.stem}' first.")
    Trainer(phase_of(run.variant, name), run.variant, run.bank, run.checkpoint(name), before).run(steps)


def draw(run: Run, name: str, args: argparse.Namespace) -> None:
    from .dreams import sheet

    sheet(args.checkpoint or run.checkpoint(name), banks.load(run.bank), args.over, args.out or run.sheet(name), args.brief)


def write(run: Run, args: argparse.Namespace) -> None:
    from .export import export

    export(args.checkpoint or run.checkpoint(PHASES[-1].name), run.bank, args.out or run.folder / "model")


def measure(run: Run, args: argparse.Namespace) -> None:
    from . import accuracy

    accuracy.measure(args.checkpoint or run.checkpoint(PHASES[-1].name), run.bank, args.batches, args.size, args.ground_alone)


def everything(run: Run, args: argparse.Namespace) -> None:
    make_bank(run, args)
    for each in PHASES:
        train(run, each.name, args.steps, None)
        draw(run, each.name, args)
    measure(run, args)
    write(run, args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="npm run train --", description="Trains livedream's own network from scratch. Resumable.")
    parser.add_argument("--run", type=Path, default=Path("run"), help="the folder of this run's files (default: %(default)s)")
    parser.add_argument("--emoji", type=int, help="take only so many emoji, for trying things out")
    parser.add_argument("--textures", type=int, default=TEXTURES_A_KIND, help="of each kind (default: %(default)s)")
    parser.add_argument("--steps", type=int, help="stop each phase after so many further steps")
    parser.add_argument("--checkpoint", type=Path, help="what to draw or export instead of the run's own last")
    parser.add_argument("--over", type=Path, help="a photograph for the sheet instead of noise")
    parser.add_argument("--brief", action="store_true", help="a sheet of eight dreams instead of all")
    parser.add_argument("--batches", type=int, default=8, help="to measure on, each of 64 pictures of 96 pixels or fewer larger ones (default: %(default)s)")
    parser.add_argument("--size", type=int, default=96, help="pixels a side of the pictures to measure on (default: %(default)s)")
    parser.add_argument("--ground-alone", type=float, default=0, help="the share of pictures to measure on that show textures alone (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="where to write a sheet, the weights or the exported graph (default: in the run's folder)")
    parser.add_argument("--network", choices=[each.name for each in VARIANTS], default=VARIANTS[0].name, help="which to train (default: %(default)s)")
    parser.add_argument("--from", dest="start", type=Path, help="weights that a phase goes on from, instead of the phase before's")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("bank", help="fetch the emoji and draw the textures")
    for each in PHASES:
        commands.add_parser(each.name, help=f"train: {each.about} ({each.steps} steps)")
    sheet = commands.add_parser("sheet", help="draw a phase's dreams")
    sheet.add_argument("phase", choices=[each.name for each in PHASES])
    weights = commands.add_parser("weights", help="write a phase's averaged weights in float16, which --from takes")
    weights.add_argument("phase", choices=[each.name for each in PHASES])
    judge = commands.add_parser("judge", help="say what the network sees in pictures, as JSON")
    judge.add_argument("pictures", type=Path, help="a folder of PNG")
    commands.add_parser("export", help="fold, write the frozen graph and check that it equals the network")
    commands.add_parser("measure", help="the accuracy a cell, on new pictures and under attack")
    commands.add_parser("all", help="all of the above, each phase with its sheet")
    return parser


def main() -> None:
    args = _parser().parse_args()
    run = Run(args.run, args.network)
    if args.command == "bank":
        make_bank(run, args)
    elif args.command == "sheet":
        draw(run, args.phase, args)
    elif args.command == "weights":
        from . import checkpoint

        checkpoint.save_weights(run.checkpoint(args.phase), args.phase, args.out or run.folder / "weights.pt")
    elif args.command == "judge":
        from .judge import judge

        judge(args.checkpoint or run.checkpoint(PHASES[-1].name), args.pictures)
    elif args.command == "export":
        write(run, args)
    elif args.command == "measure":
        measure(run, args)
    elif args.command == "all":
        everything(run, args)
    else:
        make_bank(run, args)
        train(run, args.command, args.steps, args.start)


if __name__ == "__main__":
    main()
