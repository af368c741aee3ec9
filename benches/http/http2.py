"""An HTTP/2 client without TLS that sends many bodies and ends none of them.

It sends requests from prebuilt frames, keeps to the server's windows and limit of streams, and counts how
each stream ended.
"""

import asyncio
import struct
from collections import Counter

from receiver import KIB, Connection

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM = ACK = 1
END_HEADERS = 4
HEADER_TABLE_SIZE, MAX_STREAMS, WINDOW, MAX_FRAME = 1, 3, 4, 5
CANCEL, REFUSED_STREAM = 8, 7

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
# Statuses with an index of their own in HPACK's static table.
STATIC = {0x88: 200, 0x89: 204, 0x8A: 206, 0x8B: 304, 0x8C: 400, 0x8D: 404, 0x8E: 500}


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">IBI", len(payload) << 8 | kind, flags, stream) + payload


def head(path, authority, signature, length):
    """The header block of a delivery: HPACK without Huffman code and without the dynamic table."""

    def text(value):
        value = str(value).encode()
        assert len(value) < 127
        return bytes([len(value)]) + value

    return b"".join((
        b"\x83\x86",  # POST, http
        b"\x04" + text(path),
        b"\x01" + text(authority),
        b"\x0f\x10" + text("application/json"),
        b"\x0f\x0d" + text(length),
        b"\x00" + text("x-hub-signature-256") + text(f"sha256={signature}"),
    ))


def _huffman(status):
    """Three digits in HPACK's Huffman code."""
    codes = [f"{digit:05b}" for digit in range(3)] + [f"{22 + digit:06b}" for digit in range(3, 10)]
    bits = "".join(codes[int(digit)] for digit in str(status))
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


HUFFMAN = {_huffman(status): status for status in range(100, 600)}


def status_of(block):
    """The status, which is the first field. There is no dynamic table: it has size 0."""
    while block and block[0] & 0xE0 == 0x20:
        block = block[1:]  # an update of the table's size
    if block[0] in STATIC:
        return STATIC[block[0]]
    # Else its name is one of those, and its value a literal.
    coded, length = block[1] & 0x80, block[1] & 0x7F
    value = block[2 : 2 + length]
    return HUFFMAN.get(value, "unknown status") if coded else int(value)


class Stream:
    def __init__(self, window):
        self.window, self.sent, self.status, self.ended = window, 0, None, False


class Http2:
    def __init__(self, connection):
        self.connection = connection
        self.window = self.initial = 64 * KIB - 1
        self.most, self.largest = 100, 16 * KIB
        self.streams, self.ends = {}, Counter()
        self.opened = 0
        self.closed = None
        self.changed = asyncio.Event()
        self.ready = asyncio.Event()

    @classmethod
    async def open(cls, address):
        """A connection whose SETTINGS are known."""
        self = cls(await Connection.open(address))
        no_table = struct.pack(">HI", HEADER_TABLE_SIZE, 0)
        await self.connection.send(PREFACE + frame(SETTINGS, 0, 0, no_table))
        self.reading = asyncio.create_task(self._read())
        await self.ready.wait()
        return self

    def held(self):
        """The streams that have no answer yet, and how many bytes of bodies are on them."""
        return len(self.streams), sum(stream.sent for stream in self.streams.values())

    async def send_bodies(self, block, size, total, at_once, complete):
        """Opens so many streams, one after another, each with a body of this size. Without its last
        byte a body is not complete, and its stream goes on."""
        body = memoryview(b" " * size)
        limit = size if complete else size - 1
        for index in range(total):
            while not self.closed and len(self.streams) >= min(at_once, self.most):
                await self._change()
            if self.closed:
                return
            stream = self.streams[2 * index + 1] = Stream(self.initial)
            self.opened += 1
            await self._send_body(2 * index + 1, stream, block, body[:limit], complete)

    async def _send_body(self, number, stream, block, body, complete):
        pieces = [frame(HEADERS, END_HEADERS, number, block)]
        while not (stream.ended or self.closed):
            while stream.sent < len(body):
                most = min(self.window, stream.window, self.largest, len(body) - stream.sent)
                if most <= 0:
                    break
                last = stream.sent + most == len(body)
                piece = body[stream.sent : stream.sent + most]
                pieces.append(frame(DATA, END_STREAM if last and complete else 0, number, piece))
                self.window -= most
                stream.window -= most
                stream.sent += most
            if pieces and not await self.connection.send(b"".join(pieces)):
                return self._close("closed")
            pieces.clear()
            if stream.sent == len(body):
                return
            await self._change()

    async def _change(self):
        self.changed.clear()
        await self.changed.wait()

    async def _read(self):
        loop, buffer = asyncio.get_running_loop(), b""
        while True:
            try:
                data = await loop.sock_recv(self.connection.stream, 64 * KIB)
            except OSError:
                data = b""
            if not data:
                return self._close("closed")
            buffer += data
            replies = []
            while len(buffer) >= 9:
                length, flags, number = struct.unpack(">IBI", buffer[:9])
                kind, length = length & 0xFF, length >> 8
                if len(buffer) < 9 + length:
                    break
                self._on_frame(kind, flags, number, buffer[9 : 9 + length], replies)
                buffer = buffer[9 + length :]
            if replies:
                await self.connection.send(b"".join(replies))
            self.changed.set()

    def _on_frame(self, kind, flags, number, payload, replies):
        stream = self.streams.get(number)
        if kind == SETTINGS and not flags & ACK:
            for name, value in struct.iter_unpack(">HI", payload):
                if name == MAX_STREAMS:
                    self.most = value
                elif name == WINDOW:
                    for one in self.streams.values():
                        one.window += value - self.initial
                    self.initial = value
                elif name == MAX_FRAME:
                    self.largest = min(value, 64 * KIB)
            replies.append(frame(SETTINGS, ACK, 0))
            self.ready.set()
        elif kind == PING and not flags & ACK:
            replies.append(frame(PING, ACK, 0, payload))
        elif kind == WINDOW_UPDATE:
            (more,) = struct.unpack(">I", payload)
            if number == 0:
                self.window += more
            elif stream:
                stream.window += more
        elif kind == GOAWAY:
            self._close(f"goaway {struct.unpack('>I', payload[4:8])[0]}")
        elif kind == RST_STREAM and stream:
            (code,) = struct.unpack(">I", payload)
            refused = "refused stream" if code == REFUSED_STREAM else f"reset {code}"
            self._end(number, stream.status or refused)
        elif kind in (HEADERS, DATA) and stream:
            if kind == HEADERS:
                stream.status = status_of(payload)
            if flags & END_STREAM:
                # The server may wait for a body that it has no use for.
                replies.append(frame(RST_STREAM, 0, number, struct.pack(">I", CANCEL)))
                self._end(number, stream.status)

    def _end(self, number, how):
        self.streams.pop(number).ended = True
        self.ends[how] += 1

    def _close(self, how):
        if not self.closed:
            self.closed = how
            for number in list(self.streams):
                self._end(number, how)
            self.ready.set()
            self.changed.set()

    def close(self):
        self._close("closed by us")
        self.reading.cancel()
        self.connection.close()
