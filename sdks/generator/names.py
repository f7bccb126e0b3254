"""Words of the wire (snake_case) in the cases of the languages."""


def pascal(name: str) -> str:
    """`webhook_endpoints` → `WebhookEndpoints`, `sms.received` → `SmsReceived`; a capital stays."""
    parts = name.replace(".", "_").replace("-", "_").split("_")
    return "".join(part[:1].upper() + part[1:] for part in parts)


def camel(name: str) -> str:
    """`rotate_secret` → `rotateSecret`."""
    word = pascal(name)
    return word[:1].lower() + word[1:]


def snake(name: str) -> str:
    """`NumberStatus` → `number_status`."""
    letters = [f"_{char.lower()}" if char.isupper() and at else char.lower() for at, char in enumerate(name)]
    return "".join(letters).replace("-", "_").replace(".", "_").replace("*", "all")


def singular(name: str) -> str:
    """`addons` → `addon`, `faxes` → `fax`; `status` and `address` stay."""
    if name.endswith(("xes", "sses")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) else name
