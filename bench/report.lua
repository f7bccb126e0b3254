-- One line for load.py: requests, microseconds, refusals, p50 and p99 in microseconds.

function done(summary, latency, requests)
   local errors = summary.errors
   print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration,
      errors.status + errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end
