"""Answers for slack_sdk: first who it is, then one line for each that comes in."""

import base64
import importlib.metadata
import json
import sys

from slack_sdk.signature import SignatureVerifier


def say(answer):
    print(json.dumps(answer), flush=True)


say({"name": "slack_sdk", "version": importlib.metadata.version("slack_sdk")})
for line in sys.stdin:
    asked = json.loads(line)
    verifier, body = SignatureVerifier(asked["secret"]), base64.b64decode(asked["body"])
    timestamp = str(asked["timestamp"])
    headers = {
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": verifier.generate_signature(timestamp=timestamp, body=body),
    }
    say({"headers": headers, "accepts": verifier.is_valid_request(body, asked["headers"])})
