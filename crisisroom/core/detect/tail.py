"""How unlikely a count is when the rate itself is uncertain: the gamma-Poisson tail."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

_LOG10 = log(10.0)
_PRECISE = 1e-13
_TERMS = 100_000


def surprise(count: int, mean: float, shape: float) -> float:
    """Return -log10 of P(X >= count), X Poisson with a gamma distributed rate.

    The rate has this mean and shape, so X is negative binomial with variance mean + mean²/shape.
    """
    if count <= 0:
        return 0.0
    if mean <= 0.0:
        return float("inf")
    success = mean / (mean + shape)
    if count <= mean:  # the tail is most of it: sum what is left of it instead
        below = sum(exp(_log_pmf(at, mean, shape)) for at in range(count))
        return max(0.0, -log(max(1.0 - below, 1e-300)) / _LOG10)
    term = total = 1.0
    for at in range(count, count + _TERMS):
        term *= success * (at + shape) / (at + 1)
        total += term
        if term < _PRECISE * total:
            break
    return max(0.0, -(_log_pmf(count, mean, shape) + log(total)) / _LOG10)


def _log_pmf(count: int, mean: float, shape: float) -> float:
    return (
        lgamma(count + shape)
        - lgamma(shape)
        - lgamma(count + 1)
        - shape * log1p(mean / shape)
        + count * log(mean / (mean + shape))
    )
