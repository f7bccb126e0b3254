"""Comes next."""


def listen() -> None: ...
