-- Logs in with a wrong password, each time as another member and from another address.
local number = 0

function request()
    number = number + 1
    local headers = {
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["Origin"] = wrk.scheme .. "://" .. wrk.host .. ":" .. wrk.port,
        ["X-Forwarded-For"] = string.format("10.%d.%d.9", math.floor(number / 250) % 250, number % 250),
    }
    local body = "email=nobody" .. number .. "%40example.org&password=not+the+password+of+anybody&next="
    return wrk.format("POST", "/api/sign_in", headers, body)
end
