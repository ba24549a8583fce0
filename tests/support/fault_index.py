"""An index that misbehaves: stands before a real one and breaks the requests that it is told to break.

usage: fault_index.py UPSTREAM FAULT [TIMES]

UPSTREAM is the URL of the real index, with its slash. The first TIMES (1; "always") requests that FAULT is about
are broken, all others are passed on. FAULT may also be a list with commas, "cut-3,pass,500-lost": what is done to
each upload in turn, and nothing to later ones. Prints its port, then a line for each upload that it passed on; ends
when its standard input is closed.
"""
import http.client
import json
import os
import socket
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

upstream = urllib.parse.urlsplit(sys.argv[1])
fault = sys.argv[2]
times = sys.argv[3] if len(sys.argv) > 3 else "1"
left = 10**9 if times == "always" else int(times)
turns = fault.split(",")
lock = threading.Lock()
ended = threading.Event()

LISTING_FAULTS = ("lying-sha", "no-sha", "garbage", "never", "list-500", "list-503", "list-403", "elsewhere",
                  "hidden", "bad-json", "html")


def take():
    """Whether this request is one of those to break."""
    global left
    with lock:
        left -= 1
        return left >= 0


def upload_fault():
    """What to do to this upload, "pass" for nothing."""
    if "," in fault:
        with lock:
            return turns.pop(0) if turns else "pass"
    return fault if fault not in LISTING_FAULTS and take() else "pass"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *args):
        pass

    def pass_on(self, body=None):
        upper = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=30)
        dropped = ("host", "connection", "expect")
        headers = {k: v for k, v in self.headers.items() if k.lower() not in dropped}
        upper.request(self.command, self.path, body, headers)
        answer = upper.getresponse()
        data = answer.read()
        if self.command == "POST":
            print("posted", answer.status, flush=True)
        upper.close()
        return answer, data

    def say(self, status, data=b"", headers=(), reason=None):
        self.send_response(status, reason)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def hand_back(self, answer, data):
        kept = [(k, v) for k, v in answer.getheaders()
                if k.lower() in ("content-type", "location", "etag", "content-range")]
        self.say(answer.status, data, kept)

    def cut(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()

    def hang(self):
        """Says nothing until the client gives up."""
        self.close_connection = True
        self.connection.settimeout(1)
        while not ended.is_set():
            try:
                if self.connection.recv(65536) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def do_GET(self):
        if not self.path.startswith("/simple/") or fault not in LISTING_FAULTS or not take():
            self.hand_back(*self.pass_on())
        elif fault == "never":
            self.hang()
        elif fault == "garbage":
            self.say(200, b"\x1b]0;gotcha\x07 <<< not a listing", [("Content-Type", "text/html")])
        elif fault == "bad-json":
            self.say(200, b'{"meta": {"api-version": "1.0"}, "files": [',
                     [("Content-Type", "application/vnd.pypi.simple.v1+json")])
        elif fault in ("list-500", "list-503", "list-403"):
            self.say(int(fault[5:]), b"no", [("Content-Type", "text/plain")])
        elif fault == "elsewhere":
            self.say(302, b"", [("Location", "http://localhost:1" + self.path)])
        elif fault == "hidden":
            self.say(404, b"not found")
        elif fault == "html":
            self.headers.replace_header("Accept", "text/html")
            self.hand_back(*self.pass_on())
        else:
            self.change_hashes()

    do_HEAD = do_GET

    def change_hashes(self):
        answer, data = self.pass_on()
        if answer.status == 200:
            page = json.loads(data)
            for file in page["files"]:
                if fault == "lying-sha":
                    file["hashes"]["sha256"] = "0" * 64
                else:
                    file["hashes"] = {}
            data = json.dumps(page).encode()
        self.hand_back(answer, data)

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        now = upload_fault()
        if now.startswith("cut-"):
            self.rfile.read(length * int(now[4:]) // 10)
            self.cut()
            return
        body = self.rfile.read(length)
        if now == "pass":
            self.hand_back(*self.pass_on(body))
            return
        kind, _, what = now.partition("-")
        if what == "stored":
            self.pass_on(body)
        if kind == "timeout":
            self.hang()
        elif kind == "reset":
            self.cut()
        elif kind == "500":
            self.say(500, b"<html><head><title>x</title></head><body>oops \x1b[31m</body></html>",
                     [("Content-Type", "text/html")])
        elif kind == "503":
            self.say(503, b"", [("Retry-After", "1")])
        elif kind == "429":
            self.say(429, b"", [("RateLimit", '"default";r=0;t=1')])
        elif kind == "long":
            self.say(503, b"", [("Retry-After", "86400")])
        elif kind == "200":
            self.say(200)
        elif kind == "308":
            self.say(308, b"", [("Location", self.path + "/")])
        else:
            self.say(int(kind), what.encode(), [("Content-Type", "text/plain")])


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
while os.read(0, 4096):
    pass
ended.set()
os._exit(0)
