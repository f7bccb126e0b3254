"""Prometheus metrics of one process; names and labels carry no customer data."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """What /metrics shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "nokyc_http_requests_total",
            "Requests of the API",
            ["operation", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "nokyc_http_request_seconds",
            "Time to answer",
            ["operation"],
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
            registry=self.registry,
        )
        self.tasks_due = Gauge(
            "nokyc_tasks_due", "Tasks that are due and not claimed", ["queue"], registry=self.registry
        )
        self.links_up = Gauge(
            "nokyc_carrier_links_up", "Carrier links that are up", ["carrier"], registry=self.registry
        )
        self.calls = Gauge("nokyc_calls", "Calls that are not over", ["status"], registry=self.registry)
        self.dead_tasks = Gauge("nokyc_dead_tasks", "Tasks set aside after repeated failures", registry=self.registry)
        self._counters: dict[tuple[str, str], Counter] = {}
        self._observers: dict[str, Histogram] = {}

    def request(self, operation: str, status: int, seconds: float) -> None:
        key = (operation, str(status))
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = self._requests.labels(operation=operation, status=str(status))
            self._observers.setdefault(operation, self._seconds.labels(operation=operation))
        counter.inc()
        self._observers[operation].observe(seconds)

    def render(self) -> bytes:
        return generate_latest(self.registry)
