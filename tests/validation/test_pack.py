"""The validation pack: exact intervals, trials against truth, gates that speak, a signature that holds."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from scipy.stats import binom

from abscope.errors import DataError, UsageError
from abscope.simulate import ancestor
from abscope.validation import filed, page
from abscope.validation.claim import Claim
from abscope.validation.exact import Share
from abscope.validation.gates import Gate, gate
from abscope.validation.kept import kept
from abscope.validation.pack import Line, Pack
from abscope.validation.plan import Plan
from abscope.validation.repeats import Repeat, repeats
from abscope.validation.trials import Bench, Found, Trial, tried, usual


@pytest.mark.parametrize(("held", "tried_"), [(0, 12), (3, 12), (12, 12), (589, 590)])
def test_outside_an_exact_interval_what_was_seen_is_rarer_than_one_in_forty(
    held: int, tried_: int
) -> None:
    low, high = Share(held, tried_).interval
    if low > 0:
        assert binom.sf(held - 1, tried_, low) == pytest.approx(0.025)
    if high < 1:
        assert binom.cdf(held, tried_, high) == pytest.approx(0.025)


def test_none_of_twelve_says_less_than_a_quarter_and_nothing_tried_says_nothing() -> None:
    assert Share(0, 12).interval == pytest.approx((0, 0.2646), abs=1e-4)
    assert Share(0, 0).interval == (0, 1)
    assert Share(0, 0).value is None


@pytest.mark.parametrize("seed", [1, 2])
def test_a_usual_isolate_is_called_as_it_is_and_its_mixture_seen(tmp_path: Path, seed: int) -> None:
    bench = Bench(ancestor.genome(60_000), tmp_path)
    pure = tried(Trial("depth", "60x"), bench, seed)
    assert pure.snps.value is not None
    assert pure.snps.value > 0.98
    assert pure.same.held == pure.same.tried
    assert pure.mixed == "pure"
    tube = tried(Trial("mixture", "30%", second="strain", share=0.3), bench, seed)
    assert tube.mixed == "mixed"
    assert not list(tmp_path.iterdir())


def pack(*, differing: int = 0, tripped: bool = True, silent: bool = True) -> Pack:
    def line(varied: str, level: str, held: int, mixed: int) -> Line:
        return Line(varied, level, Share(held, 1000), Share(99, 100), Share(9, 10), Share(mixed, 4))

    lines = (
        line("depth", "10x", 500, 0), line("depth", "20x", 990, 0), line("depth", "60x", 1000, 0),
        line("mixture, minor strain", "2%", 990, 1), line("mixture, minor strain", "10%", 900, 4),
    )  # fmt: skip
    one = Gate("mean depth", "10x", tripped, (), "24x", silent)
    again = Repeat("two processors", differing, 100)
    public = Claim("distances", "matrix.tsv", "cells equal", Share(16, 16))
    return Pack(
        "quick", "built-in", "2x150", 4, lines, (one,), (again,), (public,), ("MLST: not there",),
        {"abscope": "0"},
    )  # fmt: skip


def test_limits_of_detection_are_the_least_from_which_all_above_hold() -> None:
    assert (pack().least_depth, pack().least_share) == ("20x", "10%")


def test_a_gate_silent_or_speaking_for_nothing_or_a_repetition_that_differs_is_not_sound() -> None:
    assert pack().sound
    assert not pack(differing=1).sound
    assert not pack(tripped=False).sound
    assert not pack(silent=False).sound
    assert pack(differing=1).faults == ("differs: two processors",)


def test_reads_in_another_order_may_cost_a_base_but_never_change_one() -> None:
    def turned(contradicting: int) -> Repeat:
        return Repeat("reversed", 6, 100, contradicting=contradicting, reordered=True)

    assert turned(0).equal
    assert not turned(1).equal


def test_checksums_are_of_the_files_and_the_signature_is_of_the_checksums(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    made = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("SIGNATURE NOT TESTED: openssl makes no Ed25519 key here")
    written = dict(filed.files(pack(), "abscope validate", key))
    for line in written[filed.SUMS].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(written[name]).hexdigest() == digest
    private = load_pem_private_key(key.read_bytes(), password=None)
    assert isinstance(private, Ed25519PrivateKey)
    private.public_key().verify(written["SHA256SUMS.sig"], written[filed.SUMS])


def test_a_key_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    with pytest.raises(DataError, match=r"key\.pem"):
        filed.signature(b"x", tmp_path / "key.pem")


def test_the_page_shows_every_line_and_escapes_what_it_is_told() -> None:
    shown = filed.html(page.markdown(pack(), "abscope validate <x>"))
    assert "&lt;x&gt;" in shown
    assert all(
        word in shown
        for word in ("20x", "two processors", "Laboratory director", "16 of 16", "NOT TESTED: MLST")
    )


def test_the_paper_says_what_the_page_says(tmp_path: Path) -> None:
    pytest.importorskip("reportlab", reason="PDF NOT TESTED: reportlab is not installed")
    made = dict(filed.files(pack(), "abscope validate", None))
    assert made["validation.pdf"].startswith(b"%PDF")
    assert dict(filed.files(pack(), "abscope validate", None)) == made


@pytest.mark.parametrize("name", ["mean depth", "assembly length", "species"])
def test_a_gate_speaks_when_it_is_provoked_alone_and_not_just_within_its_limit(
    tmp_path: Path, name: str
) -> None:
    found = gate(name, Bench(ancestor.genome(60_000), tmp_path), 1)
    assert (found.tripped, found.others, found.silent) == (True, (), True)


def test_the_same_again_is_the_same_whatever_else_is_in_the_run(tmp_path: Path) -> None:
    found = tuple(repeats(Bench(ancestor.genome(30_000), tmp_path), 1))
    assert all(one.equal for one in found), found
    assert {"reads in reverse order", "in worker processes"} < {one.changed for one in found}
    assert found[-1].of == "pairs"
    assert found[-1].tried == 3


def test_what_was_measured_is_not_measured_again_and_what_differs_is(tmp_path: Path) -> None:
    trial = Trial("depth", "60x")
    made = (Found(trial, Share(1, 2), Share(3, 3), Share(5, 5), "pure", ("low",)),)
    assert kept(tmp_path, {"seed": 1}, lambda: made) == made
    assert kept(tmp_path, {"seed": 1}, tuple) == made
    assert kept(tmp_path, {"seed": 2}, tuple) == ()


def test_every_kind_of_result_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    whole = pack()
    for results in (whole.gates, whole.repeats, whole.published):
        parts = {"kind": type(results[0]).__name__}
        assert kept(tmp_path, parts, lambda made=results: made) == results  # type: ignore[misc]
        assert kept(tmp_path, parts, tuple) == results


def test_no_two_trials_are_one_under_two_names() -> None:
    named = [(one.varied, one.level) for one in usual()]
    assert len(set(named)) == len(named)
    assert {"depth", "divergence", "library", "repeats"} < {varied for varied, _ in named}


def test_a_platform_that_is_none_and_a_folder_that_is_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nanopore"):
        Plan("quick", tmp_path, platform="nanopore")
    with pytest.raises(UsageError, match="no folder"):
        Plan("quick", tmp_path, data=tmp_path / "none")
