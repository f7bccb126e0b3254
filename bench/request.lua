-- One request again and again for wrk. Arguments: an API key, a method, a path and, where there is one, a body.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local text

function init(args)
   local body = args[4] or ""
   text = args[2] .. " " .. args[3] .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. args[1] ..
      "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function request()
   return text
end
