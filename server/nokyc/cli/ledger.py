"""Comes next."""

from cyclopts import App

app = App(name="ledger")
