"""Answers for pywa's validator: first who it is, then one line for each that comes in.

pywa does not sign; the signatures are of Python's own HMAC.
"""

import base64
import hashlib
import hmac
import importlib.metadata
import json
import sys

from pywa.utils import webhook_updates_validator


def say(answer):
    print(json.dumps(answer), flush=True)


say({"name": "pywa", "version": importlib.metadata.version("pywa")})
for line in sys.stdin:
    asked = json.loads(line)
    secret, body = asked["secret"], base64.b64decode(asked["body"])
    tag = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    accepts = webhook_updates_validator(secret, body, asked["signature"])
    say({"signature": f"sha256={tag}", "accepts": accepts})
