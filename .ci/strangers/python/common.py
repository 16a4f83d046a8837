"""What the walks share: where stend is, a sandbox for each, and answers that are what they should be."""

import os
from datetime import datetime, timezone
from typing import TypeVar

from control import Client as Control
from control.api.clock import clock_advance
from control.api.sandboxes import sandboxes_create
from control.api.state import audit
from control.models import Advanced, AdvanceRequest, Audit, CreateRequest, SandboxInfo

URL = os.environ["STEND_URL"]
T = TypeVar("T")


def ok(kind: type[T], answer: object) -> T:
    """The answer, which is of this kind; with any other the walk ends."""
    assert isinstance(answer, kind), f"{kind.__name__} expected: {answer!r}"
    return answer


def each(kind: type[T], answer: object) -> list[T]:
    """The answer, which is a list of things of this kind."""
    return [ok(kind, element) for element in ok(list, answer)]


def equal(found: object, expected: object) -> None:
    assert found == expected, f"{expected!r} expected: {found!r}"


def sandbox(name: str) -> tuple[str, Control]:
    """A new sandbox: the base address of all calls in it, and the control client for it."""
    made = sandboxes_create.sync(client=Control(base_url=URL), body=CreateRequest(name=name))
    equal(ok(SandboxInfo, made).name, name)
    url = f"{URL}/sandboxes/{name}"
    return url, Control(base_url=url)


def advance(control: Control, by: str) -> Advanced:
    return ok(Advanced, clock_advance.sync(client=control, body=AdvanceRequest(by=by)))


def books_are_sound(control: Control) -> None:
    found = ok(Audit, audit.sync(client=control))
    assert found.ok, found.violations


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
