-- Verifies another pair of keys with each request: `wrk -s verify.lua URL -- FILE KIND`. Each line of the file is a pair. The
-- kind is good, bad (a mistyped key) or unknown (a well-formed key that no account has).
local requests = {}
local next = 0

local function swap(text, from, to)
    return text:sub(1, from - 1) .. to .. text:sub(from + #to)
end

function init(arguments)
    for line in io.lines(arguments[1]) do
        local api_key, bundle_key = line:match("(%S+) (%S+)")
        if arguments[2] == "bad" then
            api_key = swap(api_key, 20, api_key:sub(20, 20) == "x" and "y" or "x")
        elseif arguments[2] == "unknown" then
            api_key = arguments[3]
        end
        requests[#requests + 1] = wrk.format("GET", "/v1/authorize", { ApiKey = api_key, BundleKey = bundle_key })
    end
end

function request()
    next = next % #requests + 1
    return requests[next]
end
