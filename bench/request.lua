-- One request again and again for wrk. Arguments: an API key, a method, a path and, where there is one, a body.
-- Prints one line: requests, microseconds, refusals, p50 and p99 in microseconds.

local text

function init(args)
   local body = args[4] or ""
   text = args[2] .. " " .. args[3] .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. args[1] ..
      "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function request()
   return text
end

function done(summary, latency, requests)
   local errors = summary.errors
   print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration,
      errors.status + errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end
