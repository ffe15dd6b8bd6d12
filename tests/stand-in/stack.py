"""Deploys the template with the tool operators use, and looks at what became of it."""

import contextlib
import json
import re
import subprocess

import botocore.exceptions
import samtranslator.yaml_helper

from stand import REGION, Failure, clean_environment, require

NAME = "einlass"
OPERATOR = "operator@example.org"
SENDER = "noreply@example.org"
IDENTITY = "example.org"
PARAMETERS = {
    "Architecture": "x86_64", "MailSender": SENDER, "MailIdentity": IDENTITY, "OperatorEmails": OPERATOR,
    # MiniStack gives an identity none of the names of its DKIM records.
    "CreateMailIdentity": "false",
}
FUNCTIONS = [
    "RegistrationFunction", "ConsoleFunction", "StripeWebhookFunction", "UsageCounterFunction", "InvoiceRunFunction",
    "TimersFunction", "DeliverFunction",
]
SECRETS = ["LinkSecret", "StripeSecret"]
PACKAGES = "packages"


@contextlib.contextmanager
def refused(what):
    """Requires that what is called within is refused for want of a permission."""
    try:
        yield
    except botocore.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        require(code in ("AccessDenied", "AccessDeniedException"), f"{what} failed with {code}")
    else:
        raise Failure(f"{what} was not refused")


def as_list(one_or_many):
    """Policies may write one value without a list."""
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


class Stack:
    """The deployed stack."""

    def __init__(self, stand, build):
        self.stand = stand
        self.build = build
        self.template = samtranslator.yaml_helper.yaml_parse((build / "template.yaml").read_text())

    def deploy(self, sam):
        """`sam deploy`, as docs/deploy.md tells; the bucket takes the place of `resolve_s3`."""
        bucket = {"LocationConstraint": REGION}
        self.stand.client("s3").create_bucket(Bucket=PACKAGES, CreateBucketConfiguration=bucket)
        command = [
            sam, "deploy", "--template-file", self.build / "template.yaml", "--stack-name", NAME, "--region", REGION,
            "--s3-bucket", PACKAGES, "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar",
            "--parameter-overrides", *(f"{name}={value}" for name, value in PARAMETERS.items()),
        ]
        environment = clean_environment({**self.stand.variables, "SAM_CLI_TELEMETRY": "0"})
        ran = subprocess.run(
            command, env=environment, cwd=self.stand.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        require(ran.returncode == 0, f"sam deploy failed:\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}")
        self.read()

    def read(self):
        cloudformation = self.stand.client("cloudformation")
        (stack,) = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
        require(stack["StackStatus"] == "CREATE_COMPLETE", f"the stack is {stack['StackStatus']}")
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        resources = cloudformation.describe_stack_resources(StackName=NAME)["StackResources"]
        self.resources = {resource["LogicalResourceId"]: resource for resource in resources}

    def physical(self, logical):
        return self.resources[logical]["PhysicalResourceId"]

    @property
    def host(self):
        """Under this name MiniStack finds the API; AWS would have it under `origin`."""
        return f"{self.physical('HttpApi')}.execute-api.localhost:{self.stand.port}"

    @property
    def origin(self):
        return f"https://{self.physical('HttpApi')}.execute-api.{REGION}.amazonaws.com"

    def functions(self):
        return {logical: self.physical(logical) for logical in FUNCTIONS}

    def invoke(self, logical, payload):
        """Starts a function as EventBridge Scheduler or a person does; gives its answer and whether it failed."""
        answer = self.stand.client("lambda").invoke(
            FunctionName=self.physical(logical), Payload=json.dumps(payload).encode())
        return json.loads(answer["Payload"].read()), "FunctionError" in answer

    def log_lines(self, logical):
        """What a function wrote into its own log group, as objects."""
        group = f"/{NAME}/{self.function_name(logical)}"
        events = self.stand.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        texts = [event["message"] for page in events for event in page["events"]]
        return [json.loads(text) for text in texts if text.startswith("{")]

    def complaints(self):
        """Lines of all functions above INFO, for whoever looks into a failure."""
        lines = [(logical, line) for logical in FUNCTIONS for line in self.log_lines(logical)]
        return "\n".join(f"{logical}: {json.dumps(line)}" for logical, line in lines if line.get("level") != "INFO")

    def function_name(self, logical):
        """Name of the crate, the folder, the policy and the log group."""
        return re.sub("(?<!^)([A-Z])", r"-\1", logical.removesuffix("Function")).lower()

    def role_policies(self):
        """Name of each role of a function, and the policy that is written out in it."""
        iam = self.stand.client("iam")
        for logical in FUNCTIONS:
            role = self.physical(logical.replace("Function", "Role"))
            name = self.function_name(logical)
            yield role, name, iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]

    def mend_policies(self):
        """Mends what MiniStack gets wrong about policies, and nothing else of them; tells the policies it changed.

        - `Ref` of a secret gives its ARN (AWS::SecretsManager::Secret, "Return values"). MiniStack gives the name, and
          a policy for a name permits nothing.
        - Mail is checked against the identity it is sent from, and conditions know the sender ("Actions, resources, and
          condition keys for Amazon SES v2"). MiniStack checks it against `*` and knows no condition key of SES.
        - A batch of messages needs sqs:SendMessage ("Actions, resources, and condition keys for Amazon SQS" lists no
          action for batches). MiniStack asks for one.
        """
        iam, secrets = self.stand.client("iam"), self.stand.client("secretsmanager")
        arns = {name: secrets.describe_secret(SecretId=name)["ARN"] for name in map(self.physical, SECRETS)}
        mended = []
        for role, name, document in self.role_policies():
            for statement in document["Statement"]:
                statement.update({part: as_list(statement[part]) for part in ("Action", "Resource")})
            before = json.dumps(document)
            for statement in document["Statement"]:
                statement["Resource"] = [arns.get(one, one) for one in statement["Resource"]]
                if "sqs:SendMessage" in statement["Action"]:
                    statement["Action"].append("sqs:SendMessageBatch")
                if statement["Sid"] == "SendMail":
                    statement["Resource"] = ["*"]
                    del statement["Condition"]
            if json.dumps(document) != before:
                iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
                mended.append(name)
        return mended

    def check_transport(self):
        """Without TLS a queue is refused, as QueuesPolicy says."""
        plain = self.stand.client("sqs", f"http://127.0.0.1:{self.stand.plain_port}")
        with refused("a message sent without TLS"):
            plain.send_message(QueueUrl=self.physical("DeliverQueue"), MessageBody="{}")

    def check_resources(self):
        """All that the template names is there, and nothing failed."""
        conditions = {"HasDomainName", "HasHostedZone", "CreatesMailIdentity", "HasAlarmEmail"}
        resources = self.template["Resources"].items()
        named = {name for name, resource in resources if resource.get("Condition") not in conditions}
        missing = sorted(named - set(self.resources))
        require(not missing, f"resources of the template that were not made: {missing}")
        status = {logical: resource["ResourceStatus"] for logical, resource in self.resources.items()}
        unfinished = {logical: state for logical, state in status.items() if state != "CREATE_COMPLETE"}
        require(not unfinished, f"resources that are not complete: {unfinished}")
        derived = sorted(set(self.resources) - named)
        return len(named), derived
