"""MiniStack as seen behind something that ends TLS.

The template refuses queues and documents to whoever calls without TLS. The functions trust the certificates of public
authorities alone, so nothing on this machine could answer them over TLS. What comes in at the first port is therefore
passed on as if TLS had been taken off it, and what comes in at the second as it is, without.
"""

import os

from ministack.app import app as ministack

SECURE_PORT = int(os.environ["GATEWAY_PORT"])


async def app(scope, receive, send):
    if scope["type"] == "http" and scope["server"][1] == SECURE_PORT:
        scope = {**scope, "scheme": "https"}
    await ministack(scope, receive, send)
