"""The `identity-graph` command: arguments come in, tables for people or JSON for machines go out.

`main` is the process edge: it turns the errors of the library into one message with a next step and an exit status
(0 done, 1 failed, 2 wrong usage, 130 interrupted).
"""

from __future__ import annotations

import os
import sys

from identity_graph.cli.output import errors, visible
from identity_graph.errors import IdentityGraphError

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit with its status."""
    from identity_graph.cli.app import app

    try:
        app()
    except IdentityGraphError as error:
        errors.print(f"[bold red]{error.code}[/]: ", end="")
        errors.print(visible(error.message), markup=False, highlight=False)
        if error.next_step:
            errors.print(visible(error.next_step), markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        errors.print("Interrupted. What was written stays; running the same command again continues.")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away, as with `| head`
        sys.exit(0)
