"""A receiver as tutorials show it: reads any Content-Length, and checks the signature only if there is one.

For tests only: it has several weaknesses on purpose.
"""

import hashlib
import hmac
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

SECRET = os.environ["APP_SECRET"]
TOKEN = os.environ["VERIFY_TOKEN"]


class Receiver(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlparse(self.path).query)
        mode = query.get("hub.mode", [""])[0]
        if mode == "subscribe" and query.get("hub.verify_token", [""])[0] == TOKEN:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(query["hub.challenge"][0].encode())
        else:
            self.send_response(403)
            self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        signature = self.headers.get("X-Hub-Signature-256")
        if signature:
            expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            if signature.split("=")[1] != expected:
                self.send_response(403)
                self.end_headers()
                return
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
