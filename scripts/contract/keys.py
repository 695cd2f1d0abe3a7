"""Signs up an organisation as a browser does, and prints both its keys: `keys.py URL`."""

import secrets
import sys

import requests

here = sys.argv[1]
password = secrets.token_hex(15)
browser = requests.Session()
browser.headers.update({"Origin": here, "Accept": "application/json"})


def call(function, **fields):
    answer = browser.post(f"{here}/api/{function}", data=fields, timeout=30)
    # The cookies are `Secure`, but this connection is a local one over plain HTTP.
    for cookie in browser.cookies:
        cookie.secure = False
    answer.raise_for_status()
    return answer


call("sign_up", organisation="Lighthouse", name="Ada", email="ada@example.org", password=password)
csrf = call("viewer").json()["csrf"]
for kind in ("api_key", "bundle_key"):
    print(call("view_credential", csrf=csrf, kind=kind, password=password).json()["value"])
