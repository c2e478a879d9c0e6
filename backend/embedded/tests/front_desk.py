"""People at the desks of a running clinic: they book and take money over HTTP without a pause, insist with the same key
until they are answered, and write each answer into a journal of their own.
"""

import json
import random
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")
SLOTS = 48  # quarters of an hour from 8 to 20
PATIENCE = 120  # seconds, of one person about one errand
AGAIN = {401, 503}  # log in anew; nothing happened, try again


@dataclass(frozen=True)
class Errand:
    path: str
    body: dict[str, Any]
    key: str


@dataclass(frozen=True)
class Done:
    by: str
    errand: Errand
    status: int
    answer: dict[str, Any]


@dataclass
class FrontDesk:
    """``with FrontDesk(port, clinic):`` everybody works until the block ends."""

    port: int
    clinic: dict[str, Any]
    days: int  # how many of them are booked into: fewer make more rivals
    journal: list[Done] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds until an answer, refusals included
    slowest_refusal: float = 0.0  # of those, until a 503
    stop: threading.Event = field(default_factory=threading.Event)
    amounts: Any = field(default_factory=lambda: count(1))  # no two payments are alike

    def __enter__(self) -> "FrontDesk":
        people = [Person(self, login, n) for n, login in enumerate(self.clinic["logins"])]
        people[0].opens_the_shift()
        self.pool = ThreadPoolExecutor(len(people))
        self.working: list[Future[None]] = [self.pool.submit(one.work) for one in people]
        return self

    def __exit__(self, *fault: object) -> None:
        self.stop.set()
        self.pool.shutdown()
        for future in self.working:
            future.result()

    def waited(self, status: int, seconds: float) -> None:
        self.slowest = max(self.slowest, seconds)
        if status == 503:
            self.slowest_refusal = max(self.slowest_refusal, seconds)

    def done(self, path: str, status: int = 201) -> list[Done]:
        return [one for one in self.journal if (one.errand.path, one.status) == (path, status)]


BOOKINGS, PAYMENTS = "/api/v1/calendar/appointments", "/api/v1/billing/payments"


@dataclass
class Person:
    desk: FrontDesk
    login: str
    number: int
    token: str = ""

    def work(self) -> None:
        dice, invoice = random.Random(self.number), self.issues_an_invoice()
        while not self.desk.stop.is_set():
            self.does(self.booking(dice))
            self.does(self.payment(invoice, dice))

    def opens_the_shift(self) -> None:
        self.does(new_errand("/api/v1/billing/shifts", register=self.desk.clinic["register"]))

    def issues_an_invoice(self) -> str:
        lines = [{"service": self.desk.clinic["service"], "quantity": 99}]
        errand = new_errand(
            "/api/v1/billing/invoices",
            branch=self.desk.clinic["branch"],
            patient=self.patient,
            lines=lines,
        )
        return str(self.does(errand).answer["id"])

    @property
    def patient(self) -> str:
        patients = self.desk.clinic["patients"]
        return str(patients[self.number % len(patients)])

    def booking(self, dice: random.Random) -> Errand:
        """At random, so that desks meet. The note is the key: a row tells which errand made it."""
        today = datetime.now(ALMATY).replace(hour=8, minute=0, second=0, microsecond=0)
        quarter = timedelta(minutes=15)
        starts = today + timedelta(days=7 + dice.randrange(self.desk.days))
        starts += dice.randrange(SLOTS) * quarter
        errand = new_errand(
            BOOKINGS,
            branch=self.desk.clinic["branch"],
            patient=self.patient,
            employee=dice.choice(self.desk.clinic["doctors"]),
            starts_at=starts.isoformat(),
            ends_at=(starts + quarter).isoformat(),
        )
        errand.body["note"] = errand.key
        return errand

    def payment(self, invoice: str, dice: random.Random) -> Errand:
        amount = str(Decimal(next(self.desk.amounts)) / 100)
        return new_errand(
            PAYMENTS, invoice=invoice, amount=amount, method=dice.choice(["cash", "card"])
        )

    def does(self, errand: Errand) -> Done:
        """The same request with the same key, until it has been answered for good."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            done = self.asks(errand)
            self.desk.statuses[str(done.status) if done else "no answer"] += 1
            if done is None or done.status in AGAIN or done.answer.get("code") == "in_flight":
                if done and done.status == 401:
                    self.token = ""
                time.sleep(0.2)
                continue
            self.desk.journal.append(done)
            return done
        raise AssertionError(f"{errand.path} was not answered within {PATIENCE} s")

    def asks(self, errand: Errand) -> Done | None:
        """None: nobody knows what became of it."""
        try:
            if not self.token:
                known = {"login": self.login, "password": self.desk.clinic["password"]}
                status, answer = self._post("/api/v1/auth/login", known)
                if status != 200:
                    return Done(self.login, errand, 503, answer)
                self.token = answer["access"]
            return Done(self.login, errand, *self._post(errand.path, errand.body, errand.key))
        except (OSError, HTTPException, ValueError):
            return None

    def _post(self, path: str, body: dict[str, Any], key: str = "") -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json"}
        if key:
            headers |= {"Idempotency-Key": key, "Authorization": f"Bearer {self.token}"}
        connection, began = (
            HTTPConnection("127.0.0.1", self.desk.port, timeout=30),
            time.monotonic(),
        )
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            told = json.loads(answer.read())
            self.desk.waited(answer.status, time.monotonic() - began)
            return answer.status, told
        finally:
            connection.close()


def new_errand(path: str, **body: Any) -> Errand:
    return Errand(path, body, str(uuid4()))
