"""The stand-in: MiniStack, a foreign emulator of AWS, and the clock that it, the functions and this program live by."""

import contextlib
import ctypes
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

import boto3
import botocore.config

MINISTACK = "1.5.33"
REGION = "eu-central-1"
# The one account of MiniStack and its root's key.
ACCOUNT = "000000000000"
SERVICES = ["DYNAMODB", "S3", "SECRETS_MANAGER", "SESV2", "SQS"]
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
CLOCK = "EINLASS_CLOCK"


class Failure(Exception):
    """A step did not come out as it must."""


def require(held, what):
    """Ends the program's work with what went wrong."""
    if not held:
        raise Failure(what)


def wait_until(what, seconds, found):
    """Asks again and again until something is found, and gives it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = found()
        if result:
            return result
        time.sleep(0.25)
    raise Failure(f"waited {seconds} s in vain for: {what}")


class Clock:
    """One clock for all processes, moved by a file.

    An invoice needs a month that is over and an event cannot be published in the past, so time has to pass. Rewriting
    times in the table would test rows that the product never wrote. Instead clock.c stands between every process and
    the system's time of day, so that the functions, MiniStack with its schedules, and this program with its signatures
    agree on the time.
    """

    def __init__(self, file):
        self.file = pathlib.Path(file)

    @classmethod
    def begin(cls, folder, start):
        """The clock of this process; starts the program again with it if it has none yet."""
        if CLOCK in os.environ:
            return cls(os.environ[CLOCK])
        library, clock = folder / "clock.so", cls(folder / "clock")
        source = pathlib.Path(__file__).with_name("clock.c")
        flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
        subprocess.run(["cc", *flags, "-o", library, source], check=True)
        clock.file.write_bytes(struct.pack("=q", round(start.timestamp() - time.time())))
        sys.stdout.flush()
        variables = {CLOCK: str(clock.file), "LD_PRELOAD": str(library)}
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **variables})

    def now(self):
        return datetime.now(timezone.utc)

    def move(self, moment):
        """Sets the clock forward."""
        seconds = round(moment.timestamp() - time.time())
        require(seconds > 0, f"the clock only goes forward, and {moment} is over")
        # Written in place: the processes have this very file mapped.
        with self.file.open("r+b") as file:
            (ahead,) = struct.unpack("=q", file.read())
            file.seek(0)
            file.write(struct.pack("=q", ahead + seconds))


class Stand:
    """A running MiniStack, ended together with every function it started; by the machine's time if told so."""

    def __init__(self, folder, clock=True):
        self.port, self.plain_port = free_ports(2)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.log = self.folder / "ministack.log"
        self.variables = {
            **KEYS,
            "AUTH": "true",  # policies are enforced
            "PYTHONPATH": str(pathlib.Path(__file__).parent),
            "GATEWAY_PORT": str(self.port),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "STATE_DIR": str(self.folder / "state"),
            "TMPDIR": str(self.folder),
            # The functions inherit these and read only those of single services.
            **{f"AWS_ENDPOINT_URL_{service}": self.endpoint for service in SERVICES},
            **({} if clock else {"LD_PRELOAD": ""}),
        }

    def __enter__(self):
        # As MiniStack starts itself in the background, with front.py before it.
        binds = [f"--bind=127.0.0.1:{port}" for port in (self.port, self.plain_port)]
        command = [sys.executable, "-m", "hypercorn", "front:app", *binds, "--keep-alive=75", "--log-level=INFO"]
        with self.log.open("wb") as log:
            # A group of its own, so that the functions end with it.
            self.process = subprocess.Popen(
                command, env=clean_environment(self.variables), cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=end_with_parent)
        try:
            health = wait_until("MiniStack to answer", 30, self.health)
            require(health["version"] == MINISTACK, f"MiniStack {MINISTACK} is pinned, not {health['version']}")
            require(health["auth"] == "enabled", "MiniStack does not enforce policies")
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    def health(self):
        require(self.process.poll() is None, f"MiniStack ended at once: {self.tail()}")
        try:
            return self.inspect("health")
        except (urllib.error.URLError, ConnectionError):
            return None

    def inspect(self, path):
        """What MiniStack tells of its inside, beyond the interfaces of AWS."""
        with urllib.request.urlopen(f"{self.endpoint}/_ministack/{path}", timeout=10) as answer:
            return json.load(answer)

    def client(self, service, endpoint=None):
        return boto3.client(
            service, endpoint_url=endpoint or self.endpoint, region_name=REGION, aws_access_key_id="test",
            aws_secret_access_key="test",
            config=botocore.config.Config(retries={"total_max_attempts": 3}, read_timeout=120))

    def mails(self):
        """Mails that were sent, oldest first. MiniStack keeps subject and text, not the whole message."""
        return self.inspect("ses/messages")["messages"].get(ACCOUNT, [])

    def tail(self, lines=20):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def end_with_parent():
    """Ends the process to be when this one is killed and can end nothing any more (prctl, PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def free_ports(number):
    """Ports nobody listens on now, all different."""
    with contextlib.ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(number)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]


def clean_environment(variables):
    """Nothing of the caller's AWS settings may reach a child."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MINISTACK_"))}
    return {**kept, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, **variables}
