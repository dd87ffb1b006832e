"""A writer that is killed, again and again: everything it was told is kept is there, and nothing is there twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path

from identity_graph.journal import GroupCommit, JournalLimits, SqliteJournal
from tests.journal.events import submission

_ANSWERS_BEFORE_THE_KILL = (1, 40, 7, 150, 3, 80)

PROGRAM = """
import sys
from tests.journal.test_killed_writer import write
write(sys.argv[1], int(sys.argv[2]))
"""


def write(path: str, start: int) -> None:
    """Send submissions of three events without end, from several waiting at once, and tell each that is kept.

    Each submission begins with the last event of the one before: a retry, as senders make them.
    """
    asyncio.run(_write(SqliteJournal(Path(path), JournalLimits()), start))


async def _write(journal: SqliteJournal, number: int) -> None:
    commit = GroupCommit(journal)
    while True:
        sent = []
        for _ in range(8):
            sent.append([f"m{number - 1}", f"m{number}", f"m{number + 1}", f"m{number + 2}"])
            number += 3
        tasks = [asyncio.create_task(commit.append(submission(*ids))) for ids in sent]
        for ids, task in zip(sent, tasks, strict=True):
            await task
            sys.stdout.write(" ".join(ids) + "\n")
            sys.stdout.flush()


def test_a_killed_writer_loses_nothing_it_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    told: set[str] = set()
    for answers in _ANSWERS_BEFORE_THE_KILL:
        start = max((int(id[1:]) for id in told), default=0) + 1
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(path), str(start)],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert program.stdout is not None
        for _ in range(answers):
            told.update(program.stdout.readline().split())
        program.kill()
        # What it wrote into the pipe before the end was acknowledged too; its last line may be cut.
        rest = program.stdout.read()
        told.update(word for line in rest.splitlines(keepends=True) if line.endswith("\n") for word in line.split())
        program.wait()
        program.stdout.close()
        journal = SqliteJournal(path, JournalLimits())
        kept = Counter(one.event.message_id for one in journal.read(0, 1_000_000))
        backlog = journal.backlog()
        journal.close()
        assert told <= kept.keys()
        assert set(kept.values()) <= {1}
        assert backlog.events == backlog.accepted == len(kept)
