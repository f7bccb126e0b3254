"""`python -m nokyc` is the `nokyc` command."""

from nokyc.cli import main

main()
