"""Comes next."""


def trigger() -> None: ...
