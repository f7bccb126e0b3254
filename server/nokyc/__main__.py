"""`python -m nokyc` is the `nokyc` command."""

from nokyc.cli import main

if __name__ == "__main__":  # helpers of ours that are spawned import this too
    main()
