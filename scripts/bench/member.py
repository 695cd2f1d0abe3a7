"""A member in a browser: `member.py URL sign-up EMAIL PASSWORD` prints the cookies and the CSRF token of a new organisation's
admin; `member.py URL view TIMES EMAIL PASSWORD` logs in, views the API key this many times, and prints the duration of the
slowest view in seconds."""

import http.client
import json
import sys
import time
import urllib.parse

here, task, *arguments = sys.argv[1:]
cookies = {}


def call(function, **fields):
    connection = http.client.HTTPConnection(here.removeprefix("http://"), timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "Origin": here,
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    connection.request("POST", f"/api/{function}", urllib.parse.urlencode(fields), headers)
    answer = connection.getresponse()
    for line in answer.headers.get_all("Set-Cookie") or []:
        name, value = line.split(";")[0].split("=", 1)
        cookies[name] = value
    body = answer.read()
    if answer.status >= 400:
        sys.exit(f"{function}: {answer.status} {body}")
    return body


def view():
    begun = time.monotonic()
    call("view_credential", csrf=csrf, kind="api_key", password=password)
    return time.monotonic() - begun


email, password = arguments[-2:]
if task == "sign-up":
    call("sign_up", organisation=email, name="Somebody", email=email, password=password)
else:
    call("sign_in", email=email, password=password, next="")
csrf = json.loads(call("viewer"))["csrf"]
if task == "sign-up":
    print("; ".join(f"{name}={value}" for name, value in cookies.items()), csrf, sep="\t")
else:
    print(f"{max(view() for _ in range(int(arguments[0]))):.2f}")
