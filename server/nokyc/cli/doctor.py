"""Comes next."""


def doctor() -> None: ...
