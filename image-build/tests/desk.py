"""Somebody at the counter: signs in and receives patients through the pages, as a browser does."""

import http.client
import re
import ssl
import time
import urllib.parse


class Refused(Exception):
    """A page said no. Carries what it said."""


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    if not found:
        raise Refused(f"the page has no field {name}")
    return found.group(1)


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.find("<main"):]))[:600]


class Desk:
    def __init__(self, port):
        self.port, self.cookies = port, {}

    def get(self, path):
        status, page, _ = self._ask("GET", path)
        if status != 200:
            raise Refused(f"{path} answered {status}")
        return page

    def post(self, path, fields):
        """Where the answer leads, and the page when it leads nowhere."""
        status, page, to = self._ask("POST", path, urllib.parse.urlencode(fields))
        if status >= 400:
            raise Refused(f"{path} answered {status}: {words_of(page)}")
        return to, page

    def _ask(self, method, path, body=None):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=120, context=context)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Language": "ja"}
        if body is not None:
            headers |= {"Origin": f"https://127.0.0.1:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for header, value in answer.getheaders():
                if header.lower() == "set-cookie":
                    name, _, rest = value.partition("=")
                    self.cookies[name] = rest.split(";")[0]
            return answer.status, answer.read().decode("utf-8", "replace"), answer.getheader("location") or ""
        finally:
            line.close()

    def sign_in(self, account, password):
        page = self.get("/sign-in")
        fields = {"csrf": hidden(page, "csrf"), "next": "/", "account": account, "password": password}
        to, page = self.post("/sign-in", fields)
        # the board opens for whoever is signed in
        try:
            self.get("/")
        except Refused as refused:
            raise Refused(f"{refused}; after signing in: {to} {words_of(page)}") from None

    def check_in(self, name, kana):
        """Receives somebody new. Comes back only when the page said that it is saved."""
        page = self.get("/check-in")
        fields = {
            "csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "presented": "card", "flow": "window", "patient": "",
            "name": name, "name_kana": kana, "birth_date": "S39.10.10", "sex": "2",
        }
        to, page = self.post("/check-in", fields)
        if not to.startswith("/visits/"):
            raise Refused(f"the check-in was not kept: {words_of(page)}")
        return to.split("?")[0]

    def read_card(self, surface_code=None):
        """The page after the card step."""
        page = self.get("/check-in")
        fields = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "presented": "card", "flow": "window"}
        return self.post("/check-in/card", fields | (surface_code or {}))[1]

    def has(self, visit, name):
        try:
            return name in self.get(visit)
        except Refused:
            return False


def patiently(what, seconds):
    """Until it works, or the time is over; then the last reason."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return what()
        except (Refused, OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
