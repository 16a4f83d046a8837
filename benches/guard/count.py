"""Instructions that hot paths take, counted by valgrind and held against a baseline: see docs/performance.md.

Each path has a server of its own under `valgrind --tool=callgrind`, is asked REQUESTS times over one connection, and
stopped. What a server takes that is asked nothing is taken off, the rest is divided by the number of requests. So
what is counted is all of stend's own code from the bytes that come to the bytes that go, and nothing of the system's.
"""

import argparse
import base64
import json
import os
import pathlib
import platform
import re
import select
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
BASELINE = HERE / "baseline.json"
# How far a path may be from its baseline, either way: a faster one is accepted, so that it does not hide the next
# slower one.
TOLERANCE = 0.03
REQUESTS = 2_000
PATIENCE_S = 60

# What can be pinned is: one worker, a clock that stands still, dice that fall alike, no environment but this one, and
# of glibc's functions for memory the plain ones. Which ones glibc takes by itself depends on the processor, and moves
# the counts by a quarter.
ARGUMENTS = ["--port", "0", "--print-url", "--workers", "1", "--log-level", "off"]
PINNED = ["--freeze", "2026-01-31T12:00:00Z", "--seed", "1"]
PLAIN = ["AVX_Fast_Unaligned_Load", "AVX2", "AVX512F", "AVX512VL", "AVX512BW", "ERMS", "FSRM", "BMI2", "RTM"]
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join(f"-{name}" for name in PLAIN),
}

CLIENTS = 100
POINT = "62a0f1e2d3c4b5a69788f4f4"


def client_id(number):
    return f"62a0f1e2d3c4b5a6{0x97882486 + number:08x}"


def phone(number):
    return 79201234567 + number


def fixture():
    """A shop in each programme, apart from the demo, which may change."""
    level = {"id": "62a0f1e2d3c4b5a69788a001", "title": "Базовый", "percent": 10, "type": "cashback"}
    accrual = {"type": "percentage", "amount": 10}
    numbers = range(CLIENTS)
    return {
        "version": 1,
        "loyalclient": {
            "apiKeys": ["test-key"],
            "points": [{"id": POINT, "title": "Кофейня"}],
            "levels": [level | {"maxSpendPercent": 100}],
            "clients": [
                {
                    "id": client_id(number),
                    "name": "Иван",
                    "photo": "https://example.com/photos/ivan.jpg",
                    "birthday": "2021-03-29",
                    "level": level["id"],
                    "phone": phone(number),
                    "email": f"mail{number}@mail.mail",
                    "balance": 878,
                }
                for number in numbers
            ],
        },
        "ibonus": {
            "merchant": {"email": "merchant@example.com", "password": "secret"},
            "settings": {
                "active": True,
                "currency": "points",
                "newCustomerSettings": accrual,
                "customerSettings": accrual,
            },
            "clients": [
                {
                    "id": number + 1,
                    "name": "Иван",
                    "phone": f"+{phone(number)}",
                    "email": f"mail{number}@mail.mail",
                    "balances": [{"currency": "points", "amount": 878}],
                }
                for number in numbers
            ],
        },
        "probonus": {
            "apiKeys": ["test-key"],
            "accountGroups": [{"id": 1, "name": "Гости", "haveTemplate": False}],
            "discounts": [{"id": 1, "name": "Бонус 10 %", "source": "rkeeper", "kind": "bonus", "percent": 10}],
            "accounts": [
                {
                    "id": number + 1,
                    "accountGroupId": 1,
                    "lastName": "Соколова",
                    "firstName": "Мария",
                    "phone": f"+{phone(number)}",
                    "email": f"mail{number}@mail.mail",
                    "balance": 878,
                    "discountId": 1,
                }
                for number in numbers
            ],
        },
    }


def request(method, path, headers, body=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    sent = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
    return "\r\n".join([*lines, "", ""]).encode() + sent


def loyalclient(call, body, key="test-key"):
    return request("POST", f"/integration/general/{call}", [f"apikey: {key}"], body)


def ibonus(method, path, body=None):
    credentials = base64.b64encode(b"merchant@example.com:secret").decode()
    return request(method, f"/ext/api/v1/{path}", [f"Authorization: Basic {credentials}"], body)


def probonus(call, body):
    return request("POST", f"/api/v0/accounts/{call}", ["X-API-Key: test-key"], body)


def find_client(key="test-key"):
    body = {"search": str(phone(0)), "point": POINT, "hold": []}
    return lambda number, before: loyalclient("client", body, key)


def hold_and_release(number, before):
    if number % 2 == 0:
        body = {"client": client_id(number // 2 % CLIENTS), "point": POINT, "amount": 10, "duration": 10}
        return loyalclient("bonuses/hold", body)
    return loyalclient("bonuses/release", {"id": json.loads(before)["held"]["id"]})


def retail(number, before):
    """Accrues a hundred points, and spends them again."""
    client = client_id(number // 2 % CLIENTS)
    body = {"client": client, "point": POINT, "amount": 1000, "spend": number % 2 * 100, "hold": []}
    return loyalclient("retail", body)


def order(number, before):
    """Writes a hundred points off, and accrues as many."""
    items = [
        {"price": 250, "quantity": 2, "unit": "piece", "vat": 20, "name": "Капучино"},
        {"price": 500, "quantity": 1, "unit": "piece", "vat": 20, "name": "Завтрак"},
    ]
    customer = {"customerPhone": f"+{phone(number % CLIENTS)}"}
    body = {"externalId": f"guard-{number:06}", "receiptType": "sale", "amountCard": 900} | customer
    return ibonus("POST", "fiscal/orders/", {"order": body | {"items": items}, "amount": 100, "currency": "points"})


def refill_and_withdraw(number, before):
    body = {"phone": f"+{phone(number // 2 % CLIENTS)}", "amount": 100, "comment": "guard"}
    return probonus(["refill", "withdraw"][number % 2], body)


# The paths by name: each makes the request of this number, from the body of the answer before.
PATHS = {
    "LoyalClient client": find_client(),
    "LoyalClient client, sandbox by credential": find_client("test-key~ci-7"),
    "LoyalClient hold, release": hold_and_release,
    "LoyalClient retail": retail,
    "i-bonus clients.list by phone": lambda number, before: ibonus("GET", f"clients/?phone={phone(0)}"),
    "i-bonus clients.balance": lambda number, before: ibonus("GET", "clients/1/balance/"),
    "i-bonus orders.create": order,
    "ProBonus accounts.find_by_phone": lambda number, before: probonus("find_by_phone", {"phone": f"+{phone(0)}"}),
    "ProBonus accounts.refill, withdraw": refill_and_withdraw,
    "control: the clock": lambda number, before: request("GET", "/_stend/clock", []),
}
START = "start with the demo, first answer, stop"
NO_JOURNAL = "LoyalClient client, no journal"
# Where callgrind writes what it has seen of the last server.
KEEP = "/dev/null"


class Server:
    """A server under valgrind; stopped, or at the worst killed, at the end of a `with`."""

    def __init__(self, stend, work, fixtures, flags):
        self.log = work / "valgrind.log"
        counting = ["--tool=callgrind", f"--log-file={self.log}", f"--callgrind-out-file={KEEP}"]
        command = ["valgrind", *counting, stend, *ARGUMENTS, *PINNED, "--fixtures", fixtures, *flags]
        self.process = subprocess.Popen(
            command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def __enter__(self):
        try:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
            url = self.process.stdout.readline().decode().strip() if ready else ""
            if not url:
                raise SystemExit(f"instructions: the server did not start: see {self.log}")
            host, port = url.removeprefix("http://").rsplit(":", 1)
            self.connection = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        return self

    def ask(self, sent):
        self.connection.sendall(sent)
        answer = b""
        while True:
            piece = self.connection.recv(65_536)
            answer += piece
            head, end, body = answer.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            if end and len(body) >= int(length.group(1)):
                break
            if not piece:
                raise SystemExit(f"instructions: no whole answer to {sent!r}: {answer!r}")
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"instructions: {sent!r} was answered {answer!r}")
        return body

    def __exit__(self, *_):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def instructions(self):
        """Of the whole process; after its end."""
        collected = re.search(r"Collected : (\d+)", self.log.read_text())
        if self.process.returncode != 0 or not collected:
            raise SystemExit(f"instructions: the server ended with {self.process.returncode}: see {self.log}")
        return int(collected.group(1))


def count(stend, work, fixtures, path, requests, flags=()):
    with Server(stend, work, fixtures, flags) as server:
        # The first wakes what sleeps until then; it is in the count of the server that is asked nothing, too.
        server.ask(request("GET", "/_stend/health", []))
        before = b""
        for number in range(requests):
            before = server.ask(path(number, before))
    return server.instructions()


def surroundings():
    """What else moves the counts; written beside them, so that a difference can be understood."""

    def first_line(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]

    return {
        "arch": platform.machine(),
        "rustc": first_line("rustc", "--version"),
        "valgrind": first_line("valgrind", "--version"),
        "libc": " ".join(platform.libc_ver()),
    }


def measure(stend, work, only):
    path = work / "fixture.json"
    path.write_text(json.dumps(fixture(), ensure_ascii=False))
    measured = {}
    if only in START:
        measured[START] = count(stend, work, "demo", None, 0)
    paths = {name: (make, ()) for name, make in PATHS.items() if only in name}
    if only in NO_JOURNAL and keeps_a_journal(stend):
        paths[NO_JOURNAL] = (find_client(), ("--journal", "0"))
    idle = count(stend, work, str(path), None, 0) if paths else 0
    for name, (make, flags) in paths.items():
        measured[name] = round((count(stend, work, str(path), make, REQUESTS, flags) - idle) / REQUESTS)
    return measured


def keeps_a_journal(stend):
    said = subprocess.run([stend, "serve", "--help"], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return "--journal " in said.stdout


def compare(measured, known):
    """Prints the table; returns the paths that are out of their baseline."""
    out = []
    print("| path | baseline | instructions | |")
    print("| --- | --- | --- | --- |")
    for name, count in measured.items():
        baseline = known.get(name)
        if baseline is None:
            out.append(f"{name}: has no baseline")
            print(f"| {name} | – | {count:,} | new |")
            continue
        change = count / baseline - 1
        moved = abs(change) > TOLERANCE
        if moved:
            out.append(f"{name}: {change:+.1%}")
        print(f"| {name} | {baseline:,} | {count:,} | {change:+.1%}{' **!**' if moved else ''} |")
    return out


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--stend", required=True, help="the binary")
    arguments.add_argument("--accept", action="store_true", help="write the baseline anew")
    arguments.add_argument("--only", default="", help="only the paths with this in their name; none is missed then")
    arguments.add_argument("--keep", metavar="FILE", help="with --only: a profile of the last, for callgrind_annotate")
    arguments = arguments.parse_args()
    global KEEP
    KEEP = arguments.keep or KEEP

    stend = pathlib.Path(arguments.stend).resolve()
    started = time.monotonic()
    measured = measure(stend, stend.parent, arguments.only)
    taken = time.monotonic() - started
    here = surroundings()
    if arguments.accept:
        known = json.loads(BASELINE.read_text())["instructions"] if arguments.only else {}
        BASELINE.write_text(json.dumps({"surroundings": here, "instructions": known | measured}, indent=2) + "\n")
        compare(measured, measured)
        print(f"instructions: accepted in {taken:.0f} s; read the diff of {BASELINE.name}")
        return

    baseline = json.loads(BASELINE.read_text())
    there = baseline["surroundings"]
    if here["arch"] != there["arch"]:
        print(f"instructions: skipped, the baseline is of {there['arch']}, and this is {here['arch']}")
        return
    out = compare(measured, baseline["instructions"])
    if not arguments.only:
        out += [f"{name}: is no longer counted" for name in baseline["instructions"].keys() - measured.keys()]
    if not out:
        print(f"instructions: ok, {len(measured)} paths within {TOLERANCE:.0%}, in {taken:.0f} s")
        return
    for what, value in here.items():
        if value != there[what]:
            print(f"instructions: the baseline is of {what} {there[what]}, this is {value}", file=sys.stderr)
    print("instructions: " + "; ".join(out), file=sys.stderr)
    raise SystemExit("instructions: if that is meant, `just guard-accept` writes the baseline anew: commit it with why")


if __name__ == "__main__":
    main()
