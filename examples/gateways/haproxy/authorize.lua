-- Asks Claviger whether a request may pass. haproxy.cfg loads this file.

-- The section "listen claviger" of haproxy.cfg. It gives up after two seconds;
-- the time here (in milliseconds) is only the second line.
local THROUGH = "abns@claviger-127.0.0.1:3000"
local TIMEOUT = 5000

local URL = "http://claviger/v1/authorize"

-- What Claviger gets to see of the request: no body, no cookies.
local ASK = { "apikey", "bundlekey", "service", "x-forwarded-for" }

-- What the client gets to see of a refusal.
local TELL = {
    "claviger-reason", "content-type", "retry-after",
    "ratelimit", "ratelimit-policy", "www-authenticate", "x-request-id",
}

-- What haproxy.cfg uses of a yes.
local KEEP = {
    ["txn.claviger_account"] = "claviger-account",
    ["txn.claviger_bundle"] = "claviger-bundle",
    ["txn.claviger_limit"] = "ratelimit",
    ["txn.claviger_policy"] = "ratelimit-policy",
}

-- HAProxy counts the values of a header from 0, the HTTP client from 1.
-- All values are kept, so that Claviger, too, sees a key that was sent twice.
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

core.register_action("authorize", { "http-req" }, function(txn)
    local sent = txn.http:req_get_headers()
    local headers = {}
    for _, name in ipairs(ASK) do
        local list = values(sent[name])
        if #list > 0 then
            headers[name] = list
        end
    end

    local answer = core.httpclient():get({ url = URL, dst = THROUGH, headers = headers, timeout = TIMEOUT })
    local status = answer and answer.status or 0
    local got = answer and answer.headers or {}

    if status >= 200 and status < 300 then
        for variable, name in pairs(KEEP) do
            local value = first(got[name])
            -- HAProxy turns a missing value into "0", so leave it unset.
            if value then
                txn:set_var(variable, value)
            end
        end
        -- Last, so that nothing passes when a line above fails.
        txn:set_var("txn.claviger_yes", true)
    elseif status >= 400 and got["claviger-reason"] then
        refuse(txn, status, got, answer.body or "")
    else
        -- No answer, too late, or no answer of Claviger's.
        away(txn)
    end
end, 0)
