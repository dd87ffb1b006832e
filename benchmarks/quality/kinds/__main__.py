"""Writes the generated sets: `python -m benchmarks.quality.kinds OUT_FOLDER [--sets hospital ...] [--share 0.1]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.quality.kinds.every import KINDS, write_kinds


def main() -> None:
    """Write the sets asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", nargs="*", choices=sorted(KINDS), default=[], help="only these")
    parser.add_argument("--share", type=float, default=1.0, help="of the usual size")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for truth in write_kinds(arguments.folder, arguments.sets, arguments.share, arguments.seed):
        print(truth.parent)


if __name__ == "__main__":
    main()
