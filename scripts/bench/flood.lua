-- Asks for a new password that is refused once it has been judged, as somebody who is signed in and knows the current one:
-- `wrk -s flood.lua URL -- COOKIES CSRF PASSWORD`. Nothing that the server does for one request takes longer.
local text

function init(arguments)
    local headers = {
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["Accept"] = "application/json",
        ["Origin"] = wrk.scheme .. "://" .. wrk.host .. ":" .. wrk.port,
        ["Cookie"] = arguments[1],
    }
    local body = "csrf=" .. arguments[2] .. "&new_password=" .. string.rep("1234567890", 4) .. "&password=" .. arguments[3]
    text = wrk.format("POST", "/api/change_password", headers, body)
end

function request()
    return text
end
