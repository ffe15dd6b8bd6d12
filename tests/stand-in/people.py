"""What people and programs do with the system: requests, forms, mails."""

import http.client
import json
import re
import urllib.parse
from dataclasses import dataclass

from stand import require, wait_until

FORM = "application/x-www-form-urlencoded"


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode(errors="replace")

    @property
    def json(self):
        return json.loads(self.body)


class Web:
    """The API from outside."""

    def __init__(self, stand, stack):
        self.stand = stand
        self.stack = stack

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.stand.port, timeout=60)
        try:
            connection.request(method, path, body, {"Host": self.stack.host, **(headers or {})})
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, fields, answer.read())
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.send("GET", path, headers=headers)

    def post_form(self, path, fields, headers=None):
        body = urllib.parse.urlencode(fields)
        return self.send("POST", path, body, {"Content-Type": FORM, **(headers or {})})

    def post_json(self, path, value, headers=None):
        return self.send("POST", path, json.dumps(value), {"Content-Type": "application/json", **(headers or {})})

    def expect(self, reply, status, what):
        require(reply.status == status, f"{what}: {reply.status} instead of {status}: {reply.text[:1500]}")
        return reply

    def register(self, slug, email, answer, people, key=None):
        person = [{"first_name": f"Anna{index}", "last_name": "Berger"} for index in range(people)]
        headers = {"Idempotency-Key": key} if key else {}
        body = {"email": email, "answer": answer, "attendees": person}
        return self.post_json(f"/api/v1/events/{slug}/registrations?lang=de", body, headers)

    def mail_to(self, address, after=0, subject="", seconds=30):
        """Waits for a mail to an address that came after so many others to it, and gives it."""

        def find():
            mails = self.mails_to(address)[after:]
            return [mail for mail in mails if subject in mail["Subject"]]

        return wait_until(f"a mail to {address}", seconds, find)[0]

    def mails_to(self, address):
        return [mail for mail in self.stand.mails() if mail["To"] == [address]]

    def link_in(self, mail):
        """Path of the link in a mail; its origin has to be the one the template makes."""
        link = re.search(r"https?://\S+", mail["BodyText"])
        require(link, f"no link in the mail: {mail['BodyText'][:500]}")
        address = urllib.parse.urlsplit(link[0])
        require(f"{address.scheme}://{address.netloc}" == self.stack.origin, f"a link to another origin: {link[0]}")
        return address.path


class Person:
    """Somebody who is signed in to the console."""

    def __init__(self, web, email):
        self.web = web
        before = len(web.mails_to(email))
        web.expect(web.post_form("/console/sign-in?lang=de", {"email": email}), 200, "asking for a link")
        path = web.link_in(web.mail_to(email, before))
        web.expect(web.get(path), 200, "the page of a sign-in link")
        signed_in = web.expect(web.post_form(path, {}), 303, "signing in")
        cookie = signed_in.headers["set-cookie"]
        require("; Secure" in cookie, f"a session cookie that is not Secure: {cookie}")
        self.cookie = {"Cookie": cookie.split(";")[0]}
        self.token = hidden(self.get("/console?lang=de"), "form_token")

    def get(self, path):
        return self.web.expect(self.try_get(path), 200, path)

    def try_get(self, path):
        return self.web.get(path, self.cookie)

    def post(self, path, fields):
        """Sends a form that must be taken, and gives the address it leads to."""
        fields = [*(fields.items() if isinstance(fields, dict) else fields), ("form_token", self.token)]
        return self.web.expect(self.web.post_form(path, fields, self.cookie), 303, path).headers["location"]


def hidden(page, name):
    """Value of a hidden field."""
    found = re.search(f'name="{name}" value="([^"]*)"', page.text)
    require(found, f"no field {name} in the page")
    return found[1]
