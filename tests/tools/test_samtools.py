"""samtools and bcftools inside this process."""

import pytest

from abscope.errors import ToolError
from abscope.tools import samtools


@pytest.mark.parametrize(
    ("run", "arguments"),
    [
        (samtools.samtools, ("sort", "-o", "{folder}/out.bam", "{folder}/none.bam")),
        (samtools.samtools, ("flagstat", "{folder}/none.bam")),
        (samtools.bcftools, ("call", "-m", "-o", "{folder}/out.bcf", "{folder}/none.bcf")),
    ],
)
def test_a_failure_becomes_an_explained_error_and_nothing_is_printed(
    run, arguments, tmp_path, capfd
):
    with pytest.raises(ToolError, match=f"{arguments[0]} failed: .*none") as caught:
        run(*(argument.format(folder=tmp_path) for argument in arguments))
    assert caught.value.hint
    assert capfd.readouterr() == ("", "")


def test_a_damaged_file_is_an_explained_error(tmp_path):
    (tmp_path / "a.bam").write_bytes(b"not a BAM file")
    with pytest.raises(ToolError, match="flagstat failed"):
        samtools.samtools("flagstat", tmp_path / "a.bam")
