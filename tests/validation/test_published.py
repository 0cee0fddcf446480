"""Public truth in the pack, where the data folder is there."""

from pathlib import Path

import pytest

from abscope.validation import published


def test_a_folder_without_data_lacks_every_file_by_name(tmp_path: Path) -> None:
    for name, (needs, _) in published.CHECKS.items():
        assert published.missing(name, tmp_path) == tuple(map(str, needs))


def test_the_published_matrices_and_letters_of_phage_lambda_are_found(shared_data: Path) -> None:
    letters, *matrices = published.check("phage lambda", shared_data)
    assert letters.share.held == letters.share.tried > 600
    assert all(one.share.held == one.share.tried == 16 for one in matrices)


def test_the_rules_find_what_the_mics_say_but_for_early_induction(shared_data: Path) -> None:
    found = {
        (one.name, one.counted): one.share for one in published.check("resistance", shared_data)
    }
    spared = [share for (_, counted), share in found.items() if counted.startswith("susceptible")]
    assert all(share.held == share.tried for share in spared)
    early = found["resistance, clarithromycin day 3-5", "resistant by MIC, found"]
    assert (early.held, early.tried) == (6, 10)


@pytest.mark.parametrize("name", list(published.CHECKS))
def test_every_check_is_lacking_or_done(shared_data: Path, name: str) -> None:
    assert published.missing(name, shared_data) == ()
