"""Shares with exact intervals (Clopper and Pearson, Biometrika 1934;26:404)."""

from dataclasses import dataclass

from scipy.stats import beta


@dataclass(frozen=True, slots=True)
class Share:
    """`held` of `tried`."""

    held: int
    tried: int

    def __post_init__(self) -> None:
        if not 0 <= self.held <= self.tried:
            raise ValueError(f"{self.held} of {self.tried} is no share")

    @property
    def value(self) -> float | None:
        """The share, None where nothing was tried."""
        return self.held / self.tried if self.tried else None

    @property
    def interval(self) -> tuple[float, float]:
        """The exact 95 % interval, 0 to 1 where nothing was tried."""
        low = beta.ppf(0.025, self.held, self.tried - self.held + 1) if self.held else 0.0
        missed = self.tried - self.held
        high = beta.ppf(0.975, self.held + 1, missed) if missed else 1.0
        return float(low), float(high)

    def __add__(self, other: "Share") -> "Share":
        return Share(self.held + other.held, self.tried + other.tried)

    def __str__(self) -> str:
        if self.value is None:
            return "nothing to try"
        low, high = self.interval
        return f"{self.held:,} of {self.tried:,} ({self.value:.4%}; {low:.4%} to {high:.4%})"
