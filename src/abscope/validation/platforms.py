"""How different machines read: length, insert size and how often bases are poor, as simulated."""

from collections.abc import Mapping

from abscope.simulate.library import Sequencing

USUAL = "2x150"
PLATFORMS: Mapping[str, Sequencing] = {
    "2x100": Sequencing(read_length=100, insert_mean=300, insert_sd=50),
    "2x150": Sequencing(),
    "2x250": Sequencing(read_length=250, insert_mean=500, insert_sd=100, quality=1.6),
}
"""2x100: as HiSeq 2500 reads short inserts; 2x150: NextSeq, NovaSeq; 2x250: MiSeq, with poor ends."""
LIBRARIES: Mapping[str, Sequencing] = {
    **PLATFORMS,
    "2x250, inserts of 250": Sequencing(
        read_length=250, insert_mean=250, insert_sd=60, quality=1.6
    ),
    "2x150, a poor run": Sequencing(quality=3.0, no_call=0.005),
    "2x150, a third duplicates": Sequencing(duplicates=0.33),
    "2x150, uneven": Sequencing(depth_wave=0.3, gc_bias=-4.0),
}
"""Platforms, and libraries that went less well; inserts of 250 are read through into the adapter."""
