"""A server for the HTTP tests: says exactly the bytes that a path asks for, and breaks where it is told to.

Prints its port, serves each connection in a thread, and ends when its standard input is closed.
"""
import os
import socket
import struct
import sys
import threading
import time

counts = {}


def read_head(conn, rest):
    while b"\r\n\r\n" not in rest:
        data = conn.recv(65536)
        if not data:
            return None, rest
        rest += data
    head, _, rest = rest.partition(b"\r\n\r\n")
    return head, rest


def read_body(conn, head, rest, limit=None):
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    want = length if limit is None else min(length, limit)
    rest = bytearray(rest)
    while len(rest) < want:
        data = conn.recv(1 << 20)
        if not data:
            break
        rest += data
    return bytes(rest[:length]), bytes(rest[length:])


def answer(conn, status, body=b"", headers=()):
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body)]
    conn.sendall(b"\r\n".join(lines + list(headers)) + b"\r\n\r\n" + body)


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def serve(conn):
    rest, served = b"", 0
    while True:
        head, rest = read_head(conn, rest)
        if head is None:
            return
        method, path, _ = head.split(b"\r\n")[0].split(b" ")
        path, _, query = path.decode().partition("?")
        counts[path] = counts.get(path, 0) + 1
        if path == "/stall-send":
            time.sleep(30)
            return
        if path == "/cut-send":
            read_body(conn, head, rest, 20000)
            return reset(conn)
        if path == "/refuse-early":
            answer(conn, b"403 Invalid token", b"no", [b"Connection: close"])
            conn.shutdown(socket.SHUT_WR)
            read_body(conn, head, rest)
            return
        body, rest = read_body(conn, head, rest)
        served += 1
        if path == "/hello":
            answer(conn, b"200 OK", b"hello")
        elif path == "/count":
            answer(conn, b"200 OK", str(counts.get(query, 0)).encode())
        elif path == "/reason":
            answer(conn, b"403 Invalid \x1b[31mtoken\xff", b"no")
        elif path == "/busy":
            answer(conn, b"503 Busy", b"", [b"Retry-After: 7", b"X-Odd:  a: b "])
        elif path == "/to":
            answer(conn, b"302 Found", b"moved", [b"Location: " + query.encode()])
        elif path == "/loop":
            answer(conn, b"302 Found", b"again", [b"Location: /loop"])
        elif path == "/cut":
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
            return conn.close()
        elif path == "/taken":
            return conn.close()
        elif path == "/second-dies":
            if served > 1:
                return conn.close()
            answer(conn, b"200 OK", b"first")
        elif path == "/stall":
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
            time.sleep(30)
        elif path == "/garbage":
            conn.sendall(b"\x00\x01\x02 this is not HTTP\r\n\r\n")
            return conn.close()
        elif path == "/echo":
            answer(conn, b"200 OK", head + b"\r\n\r\n" + body)
        elif path == "/big":
            size = int(query)
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            block = bytes(range(256)) * 256
            while size > 0:
                conn.sendall(block[:size])
                size -= len(block)
        else:
            answer(conn, b"404 Not Found")


def guarded(conn):
    try:
        serve(conn)
    except OSError:
        pass
    conn.close()


def accept(listener):
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=guarded, args=(conn,), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=accept, args=(listener,), daemon=True).start()
sys.stdin.read()
os._exit(0)
