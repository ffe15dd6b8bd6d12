"""Asks MiniStack for what `platform::table` relies on: the same tests that the embedded DynamoDB passes."""

import os
import pathlib
import re
import subprocess

from stand import require

ROOT = pathlib.Path(__file__).parents[2]
# The selection of all other test runs, so that nothing is compiled anew.
COMMAND = ["cargo", "nextest", "run", "--locked", "--workspace", "-E", "binary(acceptance) & test(/^contract::/)"]


def keep(stand):
    """Runs the tests of tests/acceptance/contract.rs against a MiniStack; gives how many there are."""
    own = {"EINLASS_DYNAMODB_ENDPOINT": stand.endpoint, "LD_PRELOAD": "", "CARGO_TERM_COLOR": "never"}
    ran = subprocess.run(
        [*COMMAND, "--no-fail-fast"], cwd=ROOT, env={**os.environ, **own}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    require(ran.returncode == 0, f"the contract is not kept:\n{ran.stdout[-6000:]}")
    (passed,) = re.findall(r"tests? run: (\d+) passed", ran.stdout)
    asked = stand.log.read_text().count("DynamoDB table created: contract-")
    require(asked >= int(passed), "the tests asked somebody else")
    return int(passed)
