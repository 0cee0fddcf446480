"""The pack as a page to file, in Markdown."""

from collections.abc import Iterator

from abscope.validation.pack import ENOUGH, Pack


def markdown(pack: Pack, command: str) -> str:
    """The page."""
    blocks = (
        _head(pack, command), _limits(pack), _lines(pack), _gates(pack), _repeats(pack),
        _published(pack), _versions(pack),
    )  # fmt: skip
    return "\n".join(line for block in blocks for line in block) + "\n"


def _head(pack: Pack, command: str) -> Iterator[str]:
    yield f"# Laboratory validation ({pack.size})\n\n    {command}\n"
    yield f"Genome: {pack.genome}; {pack.isolates} isolates a line; reads simulated, platform {pack.platform}"
    yield "where the line does not name another."
    yield "Shares have exact (Clopper-Pearson) 95 % intervals. Positions inside repeats do not count, but"
    yield "in the line of repeats.\n"
    if pack.sound:
        yield "Verdict: **sound**: every quality gate speaks when it should and only then, and no"
        yield "repetition differs.\n"
    else:
        yield f"Verdict: **NOT SOUND**: {'; '.join(pack.faults)}.\n"


def _limits(pack: Pack) -> Iterator[str]:
    yield "## Limits of detection\n"
    yield f"- Depth: {_or_none(pack.least_depth)}. At this depth tried and all above, {ENOUGH:.0%}"
    yield "  of SNPs are called, by the lower end of the interval."
    yield f"- Minor strain: {_or_none(pack.least_share)}. From this share on every tube is called mixed."


def _lines(pack: Pack) -> Iterator[str]:
    yield "\n## Sensitivity and specificity\n"
    yield "Sensitivity: SNPs called right. Specificity: the reference's letters not called another.\n"
    yield "| varied | level | sensitivity | specificity | positions called | tubes called mixed |"
    yield "|---|---|---|---|---|---|"
    for one in pack.lines:
        called = f"{one.called.value or 0:.2%}"
        mixed = f"{one.mixed.held} of {one.mixed.tried}"
        yield f"| {one.varied} | {one.level} | {one.snps} | {one.same} | {called} | {mixed} |"


def _gates(pack: Pack) -> Iterator[str]:
    yield "\n## Quality gates, each alone\n"
    yield "Each is provoked alone; then what stays just within its limit is tried, which must trip none.\n"
    yield "| gate | provoked by | tripped | other remarks | within its limit | silent then |"
    yield "|---|---|---|---|---|---|"
    for gate in pack.gates:
        said = "; ".join(gate.others) or "none"
        yield (f"| {gate.name} | {gate.provoked} | {_yes(gate.tripped)} | {said} "
               f"| {gate.spared} | {_yes(gate.silent)} |")  # fmt: skip


def _repeats(pack: Pack) -> Iterator[str]:
    yield "\n## Reproducibility\n"
    yield "With reads in another order another copy of a molecule comes first, and that one counts: a base"
    yield "may turn into none and back, but not into another.\n"
    yield "| changed | what differs | one base for another | same variants |\n|---|---|---|---|"
    for one in pack.repeats:
        differing = f"{one.differing} of {one.tried:,} {one.of}"
        yield f"| {one.changed} | {differing} | {one.contradicting} | {_yes(one.same_variants)} |"


def _published(pack: Pack) -> Iterator[str]:
    yield "\n## Public truth\n"
    if pack.published:
        yield "| what | data | counted | found | remark |\n|---|---|---|---|---|"
    for one in pack.published:
        yield f"| {one.name} | {one.source} | {one.counted} | {one.share} | {one.remark} |"
    for lack in pack.lacking:
        yield f"\nNOT TESTED: {lack}"


def _versions(pack: Pack) -> Iterator[str]:
    yield "\n## Versions\n"
    yield ", ".join(f"{name} {version}" for name, version in pack.versions.items())


def _or_none(text: str | None) -> str:
    return text or "none of those tried"


def _yes(true: bool) -> str:
    return "yes" if true else "NO"
