"""Takes one permission from each function in turn: it must fail without it, and work again once it has it back.

A policy that permits more than is used would pass the journey too. What is shown here is that the policies are enforced
at all, so that the journey proves them sufficient.
"""

import contextlib
import json
from datetime import timedelta

from people import Person
from stack import OPERATOR, as_list
from stand import require, wait_until

# Function, statement and action that is taken away.
TAKEN = [
    ("RegistrationFunction", "Count", "dynamodb:UpdateItem"),
    ("ConsoleFunction", "List", "dynamodb:Query"),
    ("StripeWebhookFunction", "BookPayments", "dynamodb:UpdateItem"),
    ("UsageCounterFunction", "FindWhatChanged", "dynamodb:Query"),
    ("InvoiceRunFunction", "FindWhatChanged", "dynamodb:Query"),
    ("TimersFunction", "List", "dynamodb:Query"),
    ("DeliverFunction", "SendMail", "ses:SendEmail"),
]


class Permissions:
    """Works on what the journey left behind."""

    def __init__(self, journey):
        self.journey = journey
        self.stack, self.web, self.tell = journey.stack, journey.web, journey.tell
        self.iam = journey.stand.client("iam")
        self.tries = 0
        self.unsent = None

    def run(self):
        now = self.journey.clock.now()
        self.journey.publish("feier", now + timedelta(days=20), now + timedelta(days=20, hours=3))
        self.operator = Person(self.web, OPERATOR)
        for logical, sid, action in TAKEN:
            name = self.stack.function_name(logical)
            works = getattr(self, name.replace("-", "_"))
            require(works(), f"{name} does not work before {action} is taken from it")
            with self.without(logical, sid, action):
                require(not works(), f"{name} works without {action}")
                denied = f"not authorized to perform: {action}"
                lines = [line for line in self.stack.log_lines(logical) if denied in json.dumps(line)]
                require(lines, f"{name} does not say in its log that {action} was denied")
            require(works(), f"{name} does not work after {action} was given back")
            self.tell(f"{name} fails without {action} and says so in its log; it works again with it")
        self.repair()
        self.leading_keys()

    @contextlib.contextmanager
    def changed(self, logical, change):
        """A role's policy changed for a while."""
        role, name = self.stack.physical(logical.replace("Function", "Role")), self.stack.function_name(logical)
        policy = {"RoleName": role, "PolicyName": name}
        document = self.iam.get_role_policy(**policy)["PolicyDocument"]
        original = json.dumps(document)
        change({statement["Sid"]: statement for statement in document["Statement"]})
        require(json.dumps(document) != original, f"the policy of {name} is not changed")
        self.iam.put_role_policy(**policy, PolicyDocument=json.dumps(document))
        try:
            yield
        finally:
            self.iam.put_role_policy(**policy, PolicyDocument=original)

    def without(self, logical, sid, action):
        def take(statements):
            actions = as_list(statements[sid]["Action"])
            require(action in actions, f"{action} is not in {sid}")
            # A statement needs an action, so one that loses its last permits what nobody asks for.
            statements[sid]["Action"] = [one for one in actions if one != action] or ["dynamodb:ListBackups"]

        return self.changed(logical, take)

    def next_name(self):
        self.tries += 1
        return f"p{self.tries}"

    # One method for each function: whether it does its work. Failing must look like failing, and not like success.

    def registration(self):
        reply = self.web.register("feier", f"{self.next_name()}@example.org", "yes", 1)
        require(reply.status in (201, 503), f"registration answers {reply.status}: {reply.text[:500]}")
        if reply.status == 503:
            require(reply.json["type"] == "urn:einlass:problem:unavailable", reply.text)
        return reply.status == 201

    def console(self):
        page = self.operator.try_get("/console/accounts?lang=de")
        require(page.status in (200, 503), f"the console answers {page.status}: {page.text[:500]}")
        return page.status == 200

    def stripe_webhook(self):
        reply = self.journey.webhook(self.journey.paid_event(f"evt_{self.next_name()}"))
        require(reply.status in (200, 503), f"the webhook answers {reply.status}: {reply.text[:500]}")
        return reply.status == 200

    def started(self, logical, payload):
        answer, failed = self.stack.invoke(logical, payload)
        require(not failed or "errorMessage" in answer, f"{logical} failed without a message: {answer}")
        return not failed

    def usage_counter(self):
        return self.started("UsageCounterFunction", {})

    def invoice_run(self):
        return self.started("InvoiceRunFunction", {"month": "2026-11"})

    def timers(self):
        return self.started("TimersFunction", {})

    def deliver(self):
        """Whether the mail of a new registration goes out, when the stream tells of it."""
        self.journey.settle(expected=[self.unsent])
        email, before = f"{self.next_name()}@example.org", self.denied_mails()
        self.web.expect(self.web.register("feier", email, "yes", 1), 201, "a registration")

        def tried():
            return "sent" if self.web.mails_to(email) else "denied" if self.denied_mails() > before else None

        sent = wait_until("deliver to try", 30, tried) == "sent"
        self.unsent = self.unsent if sent else email
        return sent

    def denied_mails(self):
        return sum("ses:SendEmail" in json.dumps(line) for line in self.stack.log_lines("DeliverFunction"))

    def repair(self):
        """The mail that could not be sent is still owed, and the timers see to it without anybody's help."""
        require(not self.web.mails_to(self.unsent), "the mail was sent although its permission was missing")
        self.journey.clock.move(self.journey.clock.now() + timedelta(minutes=17))
        self.web.mail_to(self.unsent, seconds=60)
        self.journey.queues_are_empty()
        self.tell("the mail that could not be sent went out 17 minutes later, by timers, index and queue")

    def leading_keys(self):
        """Whether a query of other keys than the policy's condition names would be refused."""

        def other(statements):
            statements["ListPriceLists"]["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] = ["OTHER"]

        with self.changed("RegistrationFunction", other):
            # Afresh, because the function keeps the price lists for a minute.
            self.journey.restart("RegistrationFunction")
            enforced = self.web.get("/prices?lang=de").status != 200
        self.journey.restart("RegistrationFunction")
        self.web.expect(self.web.get("/prices?lang=de"), 200, "/prices")
        self.tell(f"conditions on dynamodb:LeadingKeys are {'enforced' if enforced else 'NOT enforced by MiniStack'}")
