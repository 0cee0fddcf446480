"""Read genomes of another pipeline for a person at a terminal; what is odd about them goes to stderr."""

from collections.abc import Sequence
from pathlib import Path

import typer

from abscope.formats import called_genomes
from abscope.formats.called_genomes import CalledGenomes, CalledLetters
from abscope.running.events import Event


def packed(
    paths: Sequence[Path], mask: Path | None, leave_out: Sequence[str] | None, *, quiet: bool
) -> CalledGenomes:
    """Read genomes as bits, the masked sites taken out."""
    found = called_genomes.read(paths, leave_out=leave_out or ())
    if mask is not None:
        found = called_genomes.without(found, mask)
    _say(found.remarks, quiet=quiet)
    return found


def letters(
    paths: Sequence[Path], mask: Path | None, leave_out: Sequence[str] | None, *, quiet: bool
) -> CalledLetters:
    """Read genomes as letters, with what is not to be looked at."""
    from abscope.cli.progress import progress  # little is loaded where genomes are packed

    with progress(quiet) as listen:
        listen(Event("read", paths[0].name, "started"))
        found = called_genomes.letters(paths, leave_out=leave_out or ())
        listen(Event("read", paths[0].name, "done"))
    if mask is not None:
        found = called_genomes.masked(found, mask)
    _say(found.remarks, quiet=quiet)
    return found


def _say(remarks: Sequence[str], *, quiet: bool) -> None:
    for remark in () if quiet else remarks:
        typer.echo(remark, err=True)
