-- POST /v1/sms for wrk: senders in turn, random recipients and idempotency keys.
-- Arguments: a file of "api_key number_id" lines, and the body of every message.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local heads, tails, turn = {}, {}, 0
local threads = 0

function setup(thread)
   thread:set("seed", os.time() * 100 + threads)
   threads = threads + 1
end

function init(args)
   math.randomseed(seed)
   local text = args[2]
   local length = #'{"from":"num_000000000000","to":"+33610000000","body":""}' + #text
   for line in io.lines(args[1]) do
      local key, number = line:match("(%S+) (%S+)")
      table.insert(heads, "POST /v1/sms HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. key ..
         "\r\nContent-Type: application/json\r\nContent-Length: " .. length .. "\r\nIdempotency-Key: ")
      table.insert(tails, '\r\n\r\n{"from":"' .. number .. '","to":"+3361')
   end
   ending = '","body":"' .. text .. '"}'
end

local function part()
   return math.random(0, 0xffff) * 0x10000 + math.random(0, 0xffff)
end

function request()
   turn = turn % #heads + 1
   local key = string.format("%08x%08x%08x%08x", part(), part(), part(), part())
   return heads[turn] .. key .. tails[turn] .. string.format("%07d", math.random(0, 9999999)) .. ending
end
