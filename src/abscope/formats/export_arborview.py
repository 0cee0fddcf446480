"""ArborView: a Newick tree and a table whose first column is sample_id.

https://github.com/phac-nml/ArborView: its page, and scripts/fillin_data.py, take the two files as they are.
"""

from abscope.formats.export_tree import leaf_order, tree
from abscope.formats.isolate_facts import facts, frame, known_columns
from abscope.population import newick
from abscope.records import Published
from abscope.tables import written


def files(run: Published, *, reference: str | None) -> dict[str, bytes]:
    """tree.nwk and metadata.tsv of one reference's isolates, in the order of the tree.

    Raises UsageError where there is no tree, or none was chosen of several.
    """
    drawn = newick.text(tree(run, reference))
    known = {str(fact["isolate_id"]): fact for fact in facts(run)}
    rows = [{"sample_id": tip, **known[tip]} for tip in leaf_order(drawn)]
    kept = [name for name in known_columns(rows) if name != "isolate_id"]
    return {
        "tree.nwk": f"{drawn}\n".encode(),
        "metadata.tsv": written.tsv(frame(rows).select(kept)),
    }
