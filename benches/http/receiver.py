"""What the load scripts share: an example server as a process, a client for it, and the table of results.

The client works on bare sockets. The streams of asyncio drop a connection as soon as a write fails, and with
it an answer that has arrived. A server that refuses a body and closes the connection causes exactly that.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

KIB = 1024
MIB = 1024 * KIB
# What the examples' endpoint has when it is told nothing else.
BUDGET = 64 * MIB
LIMIT = 4 * MIB
# What a connection may cost the server beside the budget: its buffers, its tasks and a head.
CONNECTION = 64 * KIB
# An ordinary delivery: a WhatsApp text message.
ORDINARY = 700
# An answer that takes longer than this is none.
PATIENCE = 10

ROOT = Path(__file__).resolve().parent.parent.parent


def arguments(documentation, nargs="?", default="axum"):
    """A parser that has the example's name already, or those of several."""
    parser = argparse.ArgumentParser(
        description=documentation, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "name", nargs=nargs, default=default, help="the example (default: %(default)s)"
    )
    if nargs == "?":
        parser.add_argument(
            "--binary", help="an executable of it, to run instead of building one", type=command
        )
    return parser


def command(path):
    return [str(Path(path).resolve(strict=True))]


def build(name, *what):
    """Builds what cargo is told to, as its users would, and gives the executable of that name."""
    command = ["cargo", "build", "--release", *what, "--message-format=json"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if built.returncode != 0:
        sys.exit(f"{name} does not build")
    for line in built.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == name:
            return message["executable"]
    sys.exit(f"cargo names no executable for {name}")


def example(name):
    return build(name, "--all-features", "--example", name)


def body_of(size):
    return b"{" + b" " * (size - 2) + b"}"


class Receiver:
    """An example under way, or what another command starts, on loopback and with secrets of its
    own. The environment goes on to it, so that MALLOC_ARENA_MAX and the like can be tried."""

    def __init__(self, name, command=None, **settings):
        self.secret = secrets.token_hex(16)
        environment = dict(
            os.environ,
            HUBSEAL_ADDR="127.0.0.1:0",
            APP_SECRET=self.secret,
            VERIFY_TOKEN=secrets.token_hex(16),
            # A line for each request would measure the log.
            RUST_LOG="error",
            **settings,
        )
        self.process = subprocess.Popen(
            command or [example(name)], env=environment, stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://([0-9.]+):([0-9]+)(/\S*)", line)
        if not found:
            self.process.kill()
            sys.exit(f"{name} does not say where it listens: {line!r}")
        self.address = (found[1], int(found[2]))
        self.path = found[3]
        self.url = found[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        """Tells it to stop, and gives its exit status; None where it does not stop."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            return None

    def memory(self):
        """Resident bytes: now, and the most since the start or `forget_peak`."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        now, peak = (
            int(re.search(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)[1]) * KIB
            for field in ("VmRSS", "VmHWM")
        )
        return now, peak

    def forget_peak(self):
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def processor_seconds(self):
        """What it has used of a processor, the kernel's work for it included."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        # The name of the program is in brackets, and may hold anything.
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def connections(self):
        """How many sockets it has open, the one it listens on among them."""
        count = 0
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                count += os.readlink(link).startswith("socket:")
            except FileNotFoundError:
                pass  # closed since it was listed
        return count

    async def until_connections(self, wanted, patience=PATIENCE):
        """Waits until `wanted` is true of the number of open sockets; gives that number."""
        end = time.monotonic() + patience
        while not wanted(count := self.connections()) and time.monotonic() < end:
            await asyncio.sleep(0.05)
        return count

    def head(self, framing, signature=None):
        """The head of a delivery. Without a signature it gets one that looks genuine, and with an
        empty one no such header."""
        if signature is None:
            signature = secrets.token_hex(32)
        signed = f"x-hub-signature-256: sha256={signature}\r\n" if signature else ""
        return (
            f"POST {self.path} HTTP/1.1\r\nhost: {self.address[0]}:{self.address[1]}\r\n"
            f"content-type: application/json\r\n{signed}{framing}\r\n\r\n"
        ).encode()

    def sign(self, body):
        """The digits of a signature, as the platform makes them."""
        return hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    def genuine(self, size):
        """A whole delivery with a body of so many bytes."""
        body = body_of(size)
        return self.head(f"content-length: {size}", self.sign(body)) + body

    async def warm_up(self, count=200):
        """Ordinary deliveries, so that what a first request sets up is not counted as growth."""
        connection = await Connection.open(self.address)
        for _ in range(count):
            answer = await connection.ask(self.genuine(ORDINARY))
            if not answer or answer.status != 200:
                sys.exit(f"a genuine delivery at rest was answered with {answer}")
        connection.close()
        # Until the server has noticed, it counts this connection among its own.
        await asyncio.sleep(0.2)


class Answer:
    def __init__(self, head):
        line, *fields = head.decode("latin-1").split("\r\n")
        self.status = int(line.split()[1])
        self.headers = {}
        for field in fields:
            name, _, value = field.partition(":")
            self.headers[name.strip().lower()] = value.strip()

    def __str__(self):
        return str(self.status)


class Connection:
    def __init__(self, stream):
        self.stream = stream
        self.buffer = b""

    @classmethod
    async def open(cls, address):
        stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        stream.setblocking(False)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(stream, address)
        return cls(stream)

    async def send(self, data):
        """Whether it could all be sent: not where the peer has closed."""
        try:
            await asyncio.get_running_loop().sock_sendall(self.stream, data)
            return True
        except OSError:
            return False

    async def _more(self):
        try:
            data = await asyncio.get_running_loop().sock_recv(self.stream, 64 * KIB)
        except OSError:
            data = b""
        self.buffer += data
        return bool(data)

    async def answer(self):
        """The next answer, or None where the peer closes without one."""
        while b"\r\n\r\n" not in self.buffer:
            if not await self._more():
                return None
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        answer = Answer(head)
        length = int(answer.headers.get("content-length", 0))
        while len(self.buffer) < length:
            if not await self._more():
                return None
        self.buffer = self.buffer[length:]
        return answer

    async def ask(self, request):
        """Sends a request and gives the answer, which may come before all is sent; None where
        none comes in time."""
        sending = asyncio.create_task(self.send(request))
        try:
            return await asyncio.wait_for(self.answer(), PATIENCE)
        except asyncio.TimeoutError:
            return None
        finally:
            sending.cancel()

    def close(self):
        self.stream.close()


class Genuine:
    """Genuine deliveries of ordinary size, one after another, and what became of them."""

    def __init__(self, receiver, pause, keep_alive):
        self.receiver, self.pause, self.keep_alive = receiver, pause, keep_alive
        self.times, self.answers = [], Counter()
        self.stopped = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self):
        connection = None
        while not self.stopped.is_set():
            began = time.monotonic()
            try:
                # Opening counts: that a server still accepts is part of the question.
                connection = connection or await Connection.open(self.receiver.address)
                answer = await connection.ask(self.receiver.genuine(ORDINARY))
                status = answer.status if answer else "no answer"
            except OSError as error:
                status = type(error).__name__
            self.times.append(time.monotonic() - began)
            self.answers[status] += 1
            if connection and not (self.keep_alive and status == 200):
                connection.close()
                connection = None
            try:
                await asyncio.wait_for(self.stopped.wait(), self.pause)
            except asyncio.TimeoutError:
                pass
        if connection:
            connection.close()

    async def stop(self):
        self.stopped.set()
        await self.task

    def report(self, table, label="genuine deliveries", allowed=(200,)):
        answers = sorted(self.answers.items(), key=str)
        table.row(
            label,
            ", ".join(f"{count} × {answer}" for answer, count in answers),
            "all " + " or ".join(map(str, allowed)),
            bool(answers) and set(self.answers) <= set(allowed),
        )
        median, slowest = statistics.median(self.times), max(self.times)
        table.row("median and slowest of them", f"{median * 1000:.1f} ms, {slowest * 1000:.0f} ms")


class Table:
    """Figures and targets, as Markdown."""

    def __init__(self, title):
        self.title, self.rows, self.passed = title, [], True

    def row(self, measurement, figure, target="", met=None):
        if met is not None:
            target = f"{target}: {'met' if met else '**missed**'}"
            self.passed &= met
        self.rows.append((measurement, str(figure), target))

    def end(self):
        """Prints it all; gives the exit status."""
        print(f"\n{self.title}\n\n| measurement | result | target |\n|---|---:|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")
        print(f"\n{'PASS' if self.passed else 'FAIL'}", flush=True)
        return 0 if self.passed else 1


def mib(count):
    return f"{count / MIB:.2f} MiB"
