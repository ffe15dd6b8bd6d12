"""Deploys the real template with the built functions to a foreign emulator of AWS, and tries everything there.

    python tests/stand-in/deploy.py --build .aws-sam/build

The folder is what `sam build` leaves behind. Nothing outside of this machine is called. Each line of the protocol says
what was shown; the first step that does not come out as it must ends the program with status 1.
"""

import argparse
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import contract
import settings
from journey import START, Journey
from permissions import Permissions
from stack import Stack
from stand import Clock, Failure, Stand

FOLDER = "EINLASS_STAND_FOLDER"


def main():
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The program starts itself again under the clock, so the folder may be there already.
    folder = pathlib.Path(os.environ.setdefault(FOLDER, "") or tempfile.mkdtemp(prefix="einlass-stand-"))
    os.environ[FOLDER] = str(folder)
    began = time.monotonic()

    def tell(text):
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    try:
        clock = Clock.begin(folder, START)
        try_everything(options, folder, clock, tell)
        if options.contract:
            # One of its own, by the machine's time, as cargo and the tests go by that.
            with Stand(folder / "second", clock=False) as second:
                tests = contract.keep(second)
            tell(f"MiniStack keeps the table's contract: {tests} tests of tests/acceptance/contract.rs")
    except Failure as failure:
        tell(f"FAILED: {failure}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tell("everything came out as it must")
    return 0


def read_options():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "einlass"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = pathlib.Path(".aws-sam/build")
    parser.add_argument("--build", type=pathlib.Path, default=default, help="what sam build made")
    parser.add_argument("--sam", type=pathlib.Path, default=cache / "sam/bin/sam", help="the SAM command line")
    parser.add_argument("--no-contract", dest="contract", action="store_false", help="leave out what needs cargo")
    options = parser.parse_args()
    options.build = options.build.resolve()
    if not (options.build / "template.yaml").is_file():
        parser.error(f"{options.build} has no template.yaml; run sam build first")
    return options


def try_everything(options, folder, clock, tell):
    with Stand(folder / "stand") as stand:
        stack = Stack(stand, options.build)
        try:
            stack.deploy(options.sam)
            named, derived = stack.check_resources()
            tell(f"sam deploy made the stack: {named} resources of the template, {len(derived)} derived from them")
            kept, gaps = settings.check(stack)
            tell(f"{kept} settings are made as the template says; gaps of MiniStack:")
            for what, said in gaps.items():
                tell(f"    {what} should be {said}")
            stack.check_transport()
            tell("without TLS a queue refuses even the account itself")
            mended = ", ".join(stack.mend_policies())
            tell(f"mended for MiniStack, see mend_policies: {mended}")
            journey = Journey(stand, stack, clock, tell)
            journey.run()
            Permissions(journey).run()
        except BaseException:
            print(stand.tail(40), stack.complaints(), sep="\n", file=sys.stderr)
            raise


if __name__ == "__main__":
    sys.exit(main())
