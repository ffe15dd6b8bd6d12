"""The whole story on the deployed stack: from an empty table to a paid invoice."""

import hashlib
import hmac
import json
import pathlib
import re
from datetime import datetime, timedelta, timezone

import boto3
from boto3.dynamodb.conditions import Attr, Key

from people import Person, Web
from stack import FUNCTIONS, IDENTITY, OPERATOR
from stand import REGION, require, wait_until

START = datetime(2026, 11, 27, 9, 0, tzinfo=timezone.utc)
MONTH = "2026-11"
ORGANISER = "organiser@musterhaus.example"
BILLING = "buchhaltung@musterhaus.example"
# Schedules are looked at every ten seconds.
TICK = 40
PRICE_LISTS = pathlib.Path(__file__).parents[2] / "shared" / "catalogs"
OPERATOR_DETAILS = {
    "name": "Neue Betriebs GmbH", "street": "Deichstraße 3", "postal_code": "20459", "city": "Hamburg",
    "vat_id": "DE123456788", "tax_number": "48/123/45678", "register": "Amtsgericht Hamburg, HRB 654321",
    "directors": "Jan Petersen", "email": "rechnung@neu.example", "phone": "+49 40 654321-0",
    "bank_name": "Musterbank Hamburg", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX",
    "invoice_prefix": "RE", "payment_term_days": "14",
}
ACCOUNT_DETAILS = {
    "name": "Musterhaus Veranstaltungen e. K.", "street": "Am Markt 7", "postal_code": "27356",
    "city": "Rotenburg (Wümme)", "country": "DE", "vat_id": "DE987654328", "billing_email": BILLING, "payer": "",
    "plan": "attendees@2021-03/pay-per-attendee", "language": "de", "users": ORGANISER,
}
WEBHOOK_SECRET = "whsec_of_the_stand_in"


def winter(moment):
    """A time as the form takes it: that of Germany, in winter one hour ahead."""
    return (moment + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")


class Journey:
    """Each method is a step; `tell` prints what it showed."""

    def __init__(self, stand, stack, clock, tell):
        self.stand, self.stack, self.clock, self.tell = stand, stack, clock, tell
        self.web = Web(stand, stack)
        resource = boto3.resource(
            "dynamodb", endpoint_url=stand.endpoint, region_name=REGION, aws_access_key_id="test",
            aws_secret_access_key="test")
        self.table = resource.Table(stack.outputs["TableName"])

    def items(self, pk, prefix=""):
        condition = Key("pk").eq(pk)
        if prefix:
            condition &= Key("sk").begins_with(prefix)
        return self.table.query(KeyConditionExpression=condition, ConsistentRead=True)["Items"]

    def run(self):
        self.first_start()
        self.set_up()
        self.publish("fest", START + timedelta(hours=10), START + timedelta(hours=13))
        self.register()
        self.close()
        self.count()
        self.invoice()
        self.pay()
        self.look_back()

    def first_start(self):
        self.stand.client("sesv2").create_email_identity(EmailIdentity=IDENTITY)
        require(not self.table.scan()["Items"], "the table of a new stack is not empty")
        self.web.expect(self.web.get("/healthz"), 200, "/healthz")
        self.web.expect(self.web.get("/legal"), 503, "/legal before the operator is entered")
        self.tell("a new stack: empty table, /healthz 200, /legal 503")

    def set_up(self):
        operator = Person(self.web, OPERATOR)
        self.tell("the operator signed in by a mailed link, sent through table, stream and SES")
        operator.post("/console/operator?lang=de", OPERATOR_DETAILS)
        self.web.expect(self.web.get("/legal"), 200, "/legal")
        files = sorted(PRICE_LISTS.glob("*.toml"))
        for file in files:
            operator.post("/console/catalogues?lang=de", {"file": file.read_text(), "do": "publish"})
        self.web.expect(self.web.get("/prices?lang=de"), 200, "/prices")
        place = operator.post("/console/accounts/new?lang=de", ACCOUNT_DETAILS)
        self.account = re.search(r"acc_\w+", place)[0]
        self.tell(f"operator entered, {len(files)} price lists published, account {self.account} made")

    def publish(self, slug, starts_at, ends_at):
        """The organiser publishes an event by the form."""
        organiser = Person(self.web, ORGANISER)
        place = organiser.post(f"/console/events/{self.account}/new?lang=de", {
            "title.de": f"Das {slug}", "title.en": f"The {slug}", "description.de": "", "description.en": "",
            "slug": slug, "location": "Saal", "starts_at": winter(starts_at), "ends_at": winter(ends_at),
            "closes_at": winter(starts_at), "capacity": "100", "party_limit": "5", "answers": "values",
        })
        self.ends_at = ends_at
        self.event = re.search(r"evt_\w+", place)[0]
        self.tell(f"the organiser published {slug}, over at {ends_at:%Y-%m-%d %H:%M} UTC")

    def register(self):
        web = self.web
        web.expect(web.get("/e/fest?lang=de"), 200, "the event's page")
        wrong = web.expect(web.register("fest", "anna", "yes", 1), 422, "a wrong address")
        require(wrong.json["errors"][0]["field"] == "email", wrong.text)
        for _ in range(2):
            # The second time is a repetition: the same reply, and nothing is counted twice.
            web.expect(web.register("fest", "anna@example.org", "yes", 5, key="6f1c2b9e"), 201, "the JSON interface")
        web.expect(web.register("fest", "ben@example.org", "yes", 4, key="6f1c2b9e"), 409, "the key with another body")
        web.expect(web.register("fest", "cara@example.org", "yes", 3), 201, "the JSON interface")
        typed = {"email": "dora@example.org", "answer": "no", "first_name": "Dora", "last_name": "Ähre"}
        web.expect(web.post_form("/e/fest?lang=de", typed), 303, "the form")
        link = web.link_in(web.mail_to("dora@example.org"))
        page = web.expect(web.get(link), 200, "the personal link")
        require("Ähre" in page.text, "the personal page does not show the name")
        changed = web.expect(web.post_form(link, {**typed, "answer": "yes"}), 303, "a change")
        require("done=changed" in changed.headers["location"], changed.headers["location"])
        web.mail_to("dora@example.org", after=1)
        counted = self.counters()
        require(counted == (9, 0, 9), f"the counter says {counted}")
        self.tell("registered by JSON and by the form, changed by the personal link; 9 accepted, mails sent")

    def counters(self):
        """Accepted, declined and all; 100 places are one seat counter."""
        (counter,) = self.items(f"EVENT#{self.account}#{self.event}#SEATS#0")
        return tuple(int(counter.get(name, 0)) for name in ("accepted", "declined", "responses"))

    def settle(self, expected=()):
        """Waits until all mails are sent but those that are expected not to be."""

        def quiet():
            owed = self.table.scan(FilterExpression=Attr("notify").exists())["Items"]
            return all(item.get("email") in expected for item in owed)

        wait_until("all mails to be sent", 30, quiet)

    def move(self, moment):
        """Lets time pass once everything is quiet: a request under way would be signed for a time long gone."""
        self.settle()
        self.clock.move(moment)

    def close(self):
        self.move(self.ends_at + timedelta(minutes=5))
        ended = wait_until("the timers to close the event", TICK, lambda: self.items(
            f"ACCOUNT#{self.account}", f"USAGE#{MONTH}#ENDED#{self.event}"))
        require(int(ended[0]["accepted"]) == 9, f"the final count is {ended[0]}")
        self.tell("the schedule started the timers, and they closed the event: 9 accepted")

    def event_days(self):
        """Days of events; those of other meters lie beside them."""
        return [day for day in self.items(f"ACCOUNT#{self.account}", "USAGE#2026-11-") if "event" in day]

    def count(self):
        # 00:15, when the schedule counts. MiniStack reads schedules in UTC; on AWS this is the time of Germany.
        self.move(datetime(2026, 12, 1, 0, 15, 5, tzinfo=timezone.utc))
        days = wait_until("the daily count", TICK, self.event_days)
        require([(day["day"], int(day["accepted"])) for day in days] == [("2026-11-27", 9)], f"counted: {days}")
        again, failed = self.stack.invoke("UsageCounterFunction", {})
        require(not failed and again["moved"] == 0, f"a second count: {again}")
        self.tell("the schedule started the count: usage day 2026-11-27 with 9; a second count moves nothing")

    def invoice(self):
        self.move(datetime(2026, 12, 1, 3, 0, 5, tzinfo=timezone.utc))
        (invoice,) = wait_until("the invoice run", TICK, self.invoices)
        self.invoice_id = invoice["id"]
        # 3.00 € for each accepted attendee, and 19 % VAT.
        gross = 9 * 300 * 119 // 100
        self.gross = gross
        mail = self.web.mail_to(BILLING, subject="RE-2026-00001")
        amount = f"{gross // 100},{gross % 100:02}"
        require(amount in mail["BodyText"], f"{amount} is missing in: {mail['BodyText'][:800]}")
        self.payment_page = self.web.link_in(mail)
        pdf = self.stand.client("s3").get_object(
            Bucket=self.stack.outputs["BucketName"], Key=f"{self.account}/invoices/{self.invoice_id}.pdf")
        content = pdf["Body"].read()
        require(content.startswith(b"%PDF-") and len(content) > 10_000, "the stored document is no PDF")
        size = len(content)
        self.tell(f"the schedule started the run: RE-2026-00001 over {amount} €, PDF of {size} bytes, mailed")
        for payload in ({"month": MONTH}, {"version": "0", "detail-type": "Scheduled Event", "detail": "{}"}):
            again, failed = self.stack.invoke("InvoiceRunFunction", payload)
            require(not failed and again["parts"] == 8, f"a second run: {again}")
        self.queues_are_empty()
        require(len(self.invoices()) == 1 and len(self.web.mails_to(BILLING)) == 1, "a second run made a second invoice")
        organiser = Person(self.web, ORGANISER)
        shown = organiser.get(f"/console/invoices/{self.account}/{self.invoice_id}/pdf")
        require(shown.body == content, "the console shows another PDF than is stored")
        self.tell("run twice more: still one invoice and one mail; the console gives the same PDF")

    def invoices(self):
        return self.items(f"ACCOUNT#{self.account}", "INVOICE#")

    def queues_are_empty(self):
        """Waits until nothing waits, and requires that nothing was given up."""
        sqs = self.stand.client("sqs")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

        def waiting(logical):
            url = self.stack.physical(logical)
            found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            return sum(int(found[name]) for name in names)

        for logical in ("InvoiceRunQueue", "DeliverQueue"):
            wait_until(f"{logical} to be worked off", 60, lambda logical=logical: waiting(logical) == 0)
        for logical in (name for name in self.stack.resources if name.endswith("DeadLetters")):
            require(waiting(logical) == 0, f"dead letters in {logical}")

    def pay(self):
        page = self.web.expect(self.web.get(self.payment_page), 200, "the payment page")
        require("Jetzt online bezahlen" in page.text, "the payment page offers no payment")
        event = self.paid_event("evt_stand_1")
        early = self.webhook(event)
        self.web.expect(early, 400, "a webhook before its secret is stored")
        secret = json.dumps({"api_key": "sk_test_stand", "webhook_secrets": [WEBHOOK_SECRET]})
        self.stand.client("secretsmanager").put_secret_value(
            SecretId=self.stack.outputs["StripeSecretArn"], SecretString=secret)
        # A function that has read it lately reads it again after a minute, and need not be started afresh.
        self.clock.move(self.clock.now() + timedelta(seconds=61))
        event = self.paid_event("evt_stand_1")
        for outcome in ("booked", "known"):
            reply = self.web.expect(self.webhook(event), 200, "the webhook")
            require(reply.json["outcome"] == outcome, f"{reply.json} instead of {outcome}")
        forged = self.web.send("POST", "/webhooks/stripe", event, self.signature(event, "whsec_another"))
        self.web.expect(forged, 400, "a forged webhook")
        (invoice,) = self.invoices()
        require(int(invoice["received_cents"]) == self.gross, f"received: {invoice['received_cents']}")
        postings = self.items(f"LEDGER#{self.account}")
        require(len(postings) == 2, f"{len(postings)} postings instead of 2")
        page = self.web.expect(self.web.get(self.payment_page), 200, "the payment page")
        require("Diese Rechnung ist bezahlt" in page.text, "the payment page does not show the payment")
        self.tell("secret stored while the functions run, webhook booked once, forged one refused, invoice paid")

    def restart(self, logical):
        """Starts a function afresh, so that it forgets what it keeps.

        A new description is enough on AWS. MiniStack goes by the names of what is sent, so the time-out is sent too,
        as it is.
        """
        client, name = self.stand.client("lambda"), self.stack.physical(logical)
        timeout = client.get_function_configuration(FunctionName=name)["Timeout"]
        description = f"Secrets read again on {self.clock.now():%Y-%m-%d}"
        client.update_function_configuration(FunctionName=name, Description=description, Timeout=timeout)
        client.get_waiter("function_updated_v2").wait(FunctionName=name)

    def paid_event(self, name):
        return json.dumps({
            "id": name, "object": "event", "type": "checkout.session.completed", "api_version": "2025-09-30.clover",
            "livemode": False, "data": {"object": {
                "id": f"cs_{name}", "object": "checkout.session", "payment_status": "paid", "amount_total": self.gross,
                "currency": "eur", "payment_intent": f"pi_{name}",
                "metadata": {"account": self.account, "invoice": self.invoice_id},
            }},
        })

    def signature(self, body, secret):
        """Stripe documentation, "Verify webhook signatures manually"."""
        seconds = int(self.clock.now().timestamp())
        signed = hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={seconds},v1={signed}", "Content-Type": "application/json"}

    def webhook(self, body):
        return self.web.send("POST", "/webhooks/stripe", body, self.signature(body, WEBHOOK_SECRET))

    def look_back(self):
        """Logs are JSON in the log group the template gives to each function, and nothing failed on the way."""
        silent = []
        for logical in FUNCTIONS:
            lines = self.stack.log_lines(logical)
            require(all("level" in line for line in lines), f"{logical} wrote a line without a level")
            errors = [line for line in lines if line["level"] == "ERROR"]
            require(not errors, f"{logical} logged errors: {errors[:3]}")
            silent += [] if lines else [logical]
        # The console logs failures only.
        require(silent in ([], ["ConsoleFunction"]), f"nothing was logged by {silent}")
        self.queues_are_empty()
        self.tell("logs are JSON in each function's own group, without an error; no dead letters")
