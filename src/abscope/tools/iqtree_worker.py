"""The only place where piqtree is loaded: a process that does one job and ends.

`python -m abscope.tools.iqtree_worker FOLDER` reads job.json and writes answer.json: the version, and
the nodes of a tree, parents first, each as parent, leaf number, length, support.
"""

import json
import sys
from pathlib import Path
from typing import Any

Node = tuple[int, int | None, float, float | None]


def main(folder: Path) -> int:
    """Do the job in `folder`; status 1 with missing.txt where piqtree cannot be loaded."""
    job = json.loads((folder / "job.json").read_text(encoding="ascii"))
    try:
        import cogent3  # noqa: F401
        import piqtree
    except Exception as error:  # a broken installation fails in many ways
        (folder / "missing.txt").write_text(f"{type(error).__name__}: {error}")
        return 1
    answer = {
        "version": f"IQ-TREE {piqtree.__iqtree_version__} (piqtree {piqtree.__version__})",
        "nodes": _nodes(_likelihood(job)),
    }
    (folder / "answer.json").write_text(json.dumps(answer), encoding="ascii")
    return 0


def _likelihood(job: dict[str, Any]) -> Any:
    """Search for the tree of sequences whose constant sites are written out."""
    from cogent3 import make_aligned_seqs
    from piqtree import build_tree

    sequences = {f"t{n}": sequence for n, sequence in enumerate(job["sequences"])}
    return build_tree(
        make_aligned_seqs(sequences, moltype="dna"),
        job["model"],
        rand_seed=job["seed"],
        bootstrap_replicates=job["bootstrap"],
        num_threads=1,
    )


def _nodes(tree: Any) -> list[Node]:
    """Flatten a cogent3 tree; walked with a list, for a chain of isolates can be deep."""
    nodes: list[Node] = []
    todo = [(tree, -1)]
    while todo:
        node, parent = todo.pop()
        leaf = None if node.children else int(node.name[1:])
        support = node.support if node.children else None
        nodes.append((parent, leaf, float(node.length or 0.0), support))
        todo += [(child, len(nodes) - 1) for child in node.children]
    return nodes


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
