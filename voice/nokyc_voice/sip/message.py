"""Requests and responses, as they stand on the wire (RFC 3261 7)."""


class Request: ...


class Response: ...
