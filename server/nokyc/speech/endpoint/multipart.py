"""Writing multipart/form-data (RFC 7578), for uploads of a few megabytes."""

import secrets
from collections.abc import Sequence


def form(fields: Sequence[tuple[str, str]], file: tuple[str, str, str, bytes]) -> tuple[bytes, str]:
    """Body and content type. `file` is field, file name, type and content; names are ours, so none needs quoting."""
    boundary = secrets.token_hex(16)
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    field, file_name, file_type, content = file
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{file_name}"\r\n'
        f"Content-Type: {file_type}\r\n\r\n"
    )
    end = f"\r\n--{boundary}--\r\n"
    return b"".join([*lines, head.encode(), content, end.encode()]), f"multipart/form-data; boundary={boundary}"
