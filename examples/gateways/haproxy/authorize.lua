-- Asks Claviger whether a request may pass. haproxy.cfg loads this file.

-- In milliseconds. A slow Claviger must not hold the clients.
local TIMEOUT = 2000

-- What Claviger gets to see of the request: no body, no cookies.
local ASK = { "apikey", "bundlekey", "service", "x-forwarded-for" }

-- What the client gets to see of a refusal.
local TELL = {
    "claviger-reason", "content-type", "retry-after",
    "ratelimit", "ratelimit-policy", "www-authenticate",
}

-- HAProxy counts the values of a header from 0, the HTTP client from 1.
-- All values are kept, so that Claviger sees a key that was sent twice.
local function values(header)
    local list = {}
    local i = 0
    while header and header[i] ~= nil do
        list[#list + 1] = header[i]
        i = i + 1
    end
    return list
end

local function first(header)
    return header and header[0]
end

local function refuse(txn, status, headers, body)
    local reply = txn:reply()
    reply:set_status(status)
    for _, name in ipairs(TELL) do
        for _, value in ipairs(values(headers[name])) do
            reply:add_header(name, value)
        end
    end
    reply:add_header("content-length", tostring(#body))
    reply:set_body(body)
    txn:done(reply)
end

local function away(txn)
    refuse(txn, 503, { ["content-type"] = { [0] = "application/problem+json" } },
        '{"type":"about:blank","status":503,"reason":"unavailable"}\n')
end

core.register_action("authorize", { "http-req" }, function(txn, url)
    local sent = txn.http:req_get_headers()
    local headers = {}
    for _, name in ipairs(ASK) do
        local list = values(sent[name])
        if #list > 0 then
            headers[name] = list
        end
    end

    local answer = core.httpclient():get({ url = url, headers = headers, timeout = TIMEOUT })
    local status = answer and answer.status or 0
    local got = answer and answer.headers or {}

    if status >= 200 and status < 300 then
        txn:set_var("txn.claviger_account", first(got["claviger-account"]))
        txn:set_var("txn.claviger_bundle", first(got["claviger-bundle"]))
        txn:set_var("txn.claviger_limit", first(got["ratelimit"]))
        txn:set_var("txn.claviger_policy", first(got["ratelimit-policy"]))
        -- Last, so that nothing passes when a line above fails.
        txn:set_var("txn.claviger_yes", true)
    elseif status >= 400 and status < 500 or status == 503 then
        refuse(txn, status, got, answer.body or "")
    else
        -- No answer, too late, or an answer that Claviger never gives.
        away(txn)
    end
end, 1)
