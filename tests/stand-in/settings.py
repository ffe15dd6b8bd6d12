"""Reads back what the template sets on its resources, because a stand-in may take a setting and forget it.

Each entry of the table is a setting, the value the template gives it, and the value the made resource tells. One that
differs fails the program, unless it is known to be a gap of MiniStack; a known gap that has closed fails it too, so
that the list stays true.
"""

import botocore.exceptions

from stack import NAME
from stand import require

# MiniStack makes the resources without these.
GAPS = {
    "table: encryption", "table: time to live", "table: point-in-time recovery", "bucket: lock", "bucket: lifecycle",
    "Daily: time zone", "Monthly: time zone", "EveryMinute: time zone", "CheckArchive: time zone",
    "API: limits",
}


def check(stack):
    """Compares all settings, and gives the known gaps."""
    read = [*table(stack), *bucket(stack), *queues(stack), *functions(stack), *triggers(stack), *api(stack)]
    differing = {what: f"{wanted!r}, made as {made!r}" for what, wanted, made in read if wanted != made}
    unknown = {what: said for what, said in differing.items() if what not in GAPS}
    require(not unknown, f"settings that were not made as the template says: {unknown}")
    closed = sorted(GAPS - set(differing))
    require(not closed, f"no longer gaps of MiniStack, take them off the list: {closed}")
    return len(read) - len(differing), differing


def table(stack):
    client, name = stack.stand.client("dynamodb"), stack.physical("Table")
    made = client.describe_table(TableName=name)["Table"]
    yield "table: billing", "PAY_PER_REQUEST", made["BillingModeSummary"]["BillingMode"]
    yield "table: deletion protection", True, made.get("DeletionProtectionEnabled")
    yield "table: stream", "NEW_IMAGE", made.get("StreamSpecification", {}).get("StreamViewType")
    yield "table: encryption", "ENABLED", made.get("SSEDescription", {}).get("Status")
    indexes = {index["IndexName"]: index["Projection"]["ProjectionType"] for index in made["GlobalSecondaryIndexes"]}
    yield "table: indexes", {"dirty": "KEYS_ONLY", "open": "KEYS_ONLY", "unsent": "KEYS_ONLY"}, indexes
    live = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    yield "table: time to live", ("expires_at", "ENABLED"), (live.get("AttributeName"), live["TimeToLiveStatus"])
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    yield "table: point-in-time recovery", "ENABLED", recovery


def bucket(stack):
    client, name = stack.stand.client("s3"), stack.physical("Documents")
    yield "bucket: versions", "Enabled", client.get_bucket_versioning(Bucket=name).get("Status")
    lock = ask(client.get_object_lock_configuration, name).get("ObjectLockConfiguration", {})
    yield "bucket: lock", {"Mode": "GOVERNANCE", "Years": 9}, lock.get("Rule", {}).get("DefaultRetention")
    access = ask(client.get_public_access_block, name).get("PublicAccessBlockConfiguration", {})
    yield "bucket: no public access", [True] * 4, list(access.values())
    rules = ask(client.get_bucket_encryption, name).get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    kinds = [rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules]
    yield "bucket: encryption", ["AES256"], kinds
    owner = ask(client.get_bucket_ownership_controls, name).get("OwnershipControls", {}).get("Rules")
    yield "bucket: owner", [{"ObjectOwnership": "BucketOwnerEnforced"}], owner
    cycle = ask(client.get_bucket_lifecycle_configuration, name).get("Rules", [])
    yield "bucket: lifecycle", {"drop-broken-uploads", "delete-after-retention", "drop-markers"}, {rule["ID"] for rule in cycle}


def ask(call, name):
    """A setting of a bucket that was never made is told by an error."""
    try:
        return call(Bucket=name)
    except botocore.exceptions.ClientError:
        return {}


def queues(stack):
    client = stack.stand.client("sqs")
    waiting = (("InvoiceRunQueue", "345600", "5400"), ("DeliverQueue", "345600", "360"), ("MailEventsQueue", "345600", "360"),
               ("ArchiveQueue", "345600", "360"))
    for logical, kept, hidden in waiting:
        made = client.get_queue_attributes(QueueUrl=stack.physical(logical), AttributeNames=["All"])["Attributes"]
        yield f"{logical}: kept", kept, made.get("MessageRetentionPeriod")
        yield f"{logical}: hidden", hidden, made.get("VisibilityTimeout")
        yield f"{logical}: encryption", "true", made.get("SqsManagedSseEnabled")
        dead = stack.physical(logical.replace("Queue", "DeadLetters")).rsplit("/", 1)[1]
        yield f"{logical}: dead letters", True, f":{dead}\"" in made.get("RedrivePolicy", "")


def functions(stack):
    client, logs = stack.stand.client("lambda"), stack.stand.client("logs")
    for logical, name in stack.functions().items():
        made = client.get_function_configuration(FunctionName=name)
        properties = stack.template["Resources"][logical]["Properties"]
        for setting in ("MemorySize", "Timeout"):
            yield f"{logical}: {setting}", properties[setting], made[setting]
        yield f"{logical}: architecture", ["x86_64"], made["Architectures"]
        group = f"/{NAME}/{stack.function_name(logical)}"
        wanted = {"LogFormat": "JSON", "LogGroup": group}
        yield f"{logical}: log", wanted, {key: made["LoggingConfig"].get(key) for key in wanted}
        (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        yield f"{logical}: days of log", 30, found.get("retentionInDays")
        variables = {"RUST_LOG", "TABLE_NAME", *properties.get("Environment", {}).get("Variables", {})}
        yield f"{logical}: variables", variables, set(made["Environment"]["Variables"])
        if "EventInvokeConfig" in properties:
            retries = client.get_function_event_invoke_config(FunctionName=name, Qualifier="$LATEST")
            yield (f"{logical}: retries", properties["EventInvokeConfig"]["MaximumRetryAttempts"],
                   retries["MaximumRetryAttempts"])


def triggers(stack):
    client = stack.stand.client("lambda")
    deliver = client.list_event_source_mappings(FunctionName=stack.physical("DeliverFunction"))["EventSourceMappings"]
    (stream,) = [mapping for mapping in deliver if ":dynamodb:" in mapping["EventSourceArn"]]
    arns = {name: stack.physical(name).rsplit("/", 1)[1] for name in ("DeliverQueue", "MailEventsQueue", "ArchiveQueue")}
    (queue,) = [mapping for mapping in deliver if mapping["EventSourceArn"].endswith(f":{arns['DeliverQueue']}")]
    (events,) = [mapping for mapping in deliver if mapping["EventSourceArn"].endswith(f":{arns['MailEventsQueue']}")]
    (archive,) = [mapping for mapping in deliver if mapping["EventSourceArn"].endswith(f":{arns['ArchiveQueue']}")]
    yield "archive to deliver: failed parts", ["ReportBatchItemFailures"], archive.get("FunctionResponseTypes")
    yield "archive to deliver: one at a time", 1, archive.get("BatchSize")
    yield "mail events to deliver: failed parts", ["ReportBatchItemFailures"], events.get("FunctionResponseTypes")
    yield "stream to deliver: filter", 1, len(stream.get("FilterCriteria", {}).get("Filters", []))
    yield "stream to deliver: halves a failing batch", True, stream.get("BisectBatchOnFunctionError")
    yield "stream to deliver: tries", 5, stream.get("MaximumRetryAttempts")
    yield "stream to deliver: failed parts", ["ReportBatchItemFailures"], stream.get("FunctionResponseTypes")
    yield "queue to deliver: failed parts", ["ReportBatchItemFailures"], queue.get("FunctionResponseTypes")
    yield "queue to deliver: at once", 2, queue.get("ScalingConfig", {}).get("MaximumConcurrency")
    scheduler = stack.stand.client("scheduler")
    for logical, event in (("UsageCounterFunction", "Daily"), ("InvoiceRunFunction", "Monthly"),
                           ("TimersFunction", "EveryMinute"), ("DeliverFunction", "CheckArchive")):
        wanted = stack.template["Resources"][logical]["Properties"]["Events"][event]["Properties"]
        made = scheduler.get_schedule(Name=stack.physical(logical + event))
        yield f"{event}: schedule", wanted["ScheduleExpression"], made["ScheduleExpression"]
        yield f"{event}: time zone", wanted["ScheduleExpressionTimezone"], made.get("ScheduleExpressionTimezone")
        yield f"{event}: tries", wanted["RetryPolicy"], made["Target"].get("RetryPolicy")
        yield f"{event}: dead letters", True, "DeadLetterConfig" in made["Target"]


def api(stack):
    client, name = stack.stand.client("apigatewayv2"), stack.physical("HttpApi")
    stage = client.get_stage(ApiId=name, StageName="$default")
    limits = {"ThrottlingRateLimit": 1000.0, "ThrottlingBurstLimit": 2000}
    made = stage.get("DefaultRouteSettings", {})
    yield "API: limits", limits, {key: made.get(key) for key in limits}
    routes = stack.template["Resources"]["HttpStage"]["Properties"]["RouteSettings"]
    yield "API: limits of routes", set(routes), set(stage.get("RouteSettings", {}))
    yield "API: access log", True, "Format" in stage.get("AccessLogSettings", {})
    resources = stack.template["Resources"].values()
    wanted = {one["Properties"]["RouteKey"] for one in resources if one["Type"] == "AWS::ApiGatewayV2::Route"}
    pages = client.get_paginator("get_routes").paginate(ApiId=name)
    yield "API: routes", wanted, {route["RouteKey"] for page in pages for route in page["Items"]}
