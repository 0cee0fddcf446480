"""A coverage-guided search for input that a reader neither reads nor explains; needs atheris.

    python tests/faults/atheris_search.py "tree, Newick" -runs=100000

The kind is one of tests/readable.py or readable_ours.py, or `each`, one after the other; what follows goes
to libFuzzer. It stops at the first unexplained error.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))
# Numba compiles its kernels from bytecode as it is.
COMPILED = [
    "abscope.formats.fastq_kernels",
    "abscope.isolate",
    "abscope.population",
    "abscope.simulate",
]
with atheris.instrument_imports(include=["abscope.formats"], exclude=COMPILED):
    from abscope.errors import AbscopeError
    from readable import READABLE, Readable
    from readable_ours import OURS


def search(kind: Readable, folder: Path, arguments: list[str]) -> None:
    """Search from the whole file of this kind."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "whole").write_bytes(kind.whole)

    def one(content: bytes) -> None:
        path = kind.lay(folder, content)
        try:
            kind.read(path)
        except AbscopeError as error:
            if not error.hint:
                raise

    atheris.Setup([sys.argv[0], *arguments, str(folder / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    known = {kind.kind: kind for kind in (*READABLE, *OURS)}
    if sys.argv[1:2] == ["each"]:  # libFuzzer ends its process: each kind has one
        ended = {
            name: subprocess.run([sys.executable, __file__, name, *sys.argv[2:]], check=False)
            for name in known
        }
        sys.exit("; ".join(name for name, done in ended.items() if done.returncode))
    if len(sys.argv) < 2 or sys.argv[1] not in known:
        sys.exit(f"each, or one of: {'; '.join(known)}")
    with TemporaryDirectory() as name:
        search(known[sys.argv[1]], Path(name), sys.argv[2:])
