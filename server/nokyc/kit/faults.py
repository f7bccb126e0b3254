"""Saying where our own code failed without saying with what: values may be bodies, numbers or secrets."""

FRAMES = 6


def where(error: BaseException) -> str:
    """The innermost frames as `file:line function`, never a value or a message."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " > ".join(frames[-FRAMES:])
