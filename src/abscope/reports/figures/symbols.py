"""Marks that can be told apart without colour, as SVG paths around (x, y)."""

SIZE = 6.0  # pixels from the middle to the edge


def diamond(x: float, y: float) -> str:
    """A square on its corner."""
    return f"M{x:.1f} {y - SIZE:.1f}l{SIZE} {SIZE}l-{SIZE} {SIZE}l-{SIZE} -{SIZE}z"


def disc(x: float, y: float) -> str:
    """A circle."""
    r = SIZE - 1
    return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 -{2 * r} 0z"


def triangle(x: float, y: float) -> str:
    """A triangle that stands on its base."""
    return f"M{x:.1f} {y - SIZE:.1f}l{SIZE} {1.8 * SIZE:.1f}h-{2 * SIZE}z"


def square(x: float, y: float) -> str:
    """A square on its side."""
    r = SIZE - 1.5
    return f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h-{2 * r}z"


def cross(x: float, y: float) -> str:
    """Two strokes, to be stroked and not filled."""
    r = SIZE - 1.5
    return f"M{x - r:.1f} {y - r:.1f}l{2 * r} {2 * r}m0 -{2 * r}l-{2 * r} {2 * r}"
