-- Sends a new password that is refused after its strength was checked, as a signed-in member with the correct current password:
-- `wrk -s flood.lua URL -- COOKIES CSRF PASSWORD`. No other request takes the server longer.
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
