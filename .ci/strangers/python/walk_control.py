"""stend's own surface: time, faults, the journal, snapshots, a test account in one call."""

from common import advance, at, books_are_sound, equal, ok, sandbox
from control import Client as Control
from control.api.clock import clock_freeze, clock_get
from control.api.faults import faults_add, faults_get
from control.api.journal import coverage, requests_find, requests_verify
from control.api.sandboxes import sandboxes_delete, sandboxes_get
from control.api.snapshots import snapshots_restore, snapshots_take
from control.api.state import accounts_get, reset, state_export, state_upsert
from control.models import (
    Account,
    Api,
    Clock,
    ClockMode,
    Coverage,
    EntryMatch,
    Fault,
    FaultEffect,
    FaultEffectConnection,
    FaultEffectWhen,
    FaultMatch,
    FaultRequest,
    Fixture,
    FreezeRequest,
    LoyalClientRecords,
    Patch,
    Problem,
    Record,
    RequestList,
    Reset,
    Restored,
    SandboxInfo,
    SnapshotInfo,
    Upserted,
    Verification,
    VerificationTimes,
    Verified,
)
from loyalclient import AuthenticatedClient
from loyalclient.api.general import hold
from loyalclient.models import HoldRequest

import httpx

from common import URL

POINT = "62a0f1e2d3c4b5a69788f4f4"


def main() -> None:
    name = "python-control"
    url, control = sandbox(name)
    api = AuthenticatedClient(base_url=url, token="test-key", prefix="", auth_header_name="apikey")

    # Time stands, and never goes back.
    year = ok(Clock, clock_get.sync(client=control)).now.year + 1
    frozen = clock_freeze.sync(client=control, body=FreezeRequest(at=at(f"{year}-01-31T12:00:00")))
    equal((ok(Clock, frozen).mode, ok(Clock, frozen).now), (ClockMode.FROZEN, at(f"{year}-01-31T12:00:00")))
    ok(Problem, clock_freeze.sync(client=control, body=FreezeRequest(at=at("2020-01-01T00:00:00"))))

    # A test account in one call, and a snapshot of all.
    record = Record()
    record.additional_properties = {"name": "Проба", "balance": 100}
    patch = Patch(loyalclient=LoyalClientRecords(clients=[record]))
    upserted = ok(Upserted, state_upsert.sync(client=control, body=patch))
    guest = upserted.created[0].id
    taken = ok(SnapshotInfo, snapshots_take.sync("rich", client=control))
    equal(taken.name, "rich")

    def available() -> float:
        return ok(Account, accounts_get.sync(Api.LOYALCLIENT, guest, client=control)).available

    # The operation is done, and its answer is lost; the journal knows.
    lost = FaultRequest(
        match=FaultMatch(operation="hold"),
        effect=FaultEffect(connection=FaultEffectConnection.CLOSE, when=FaultEffectWhen.AFTER),
        times=1,
    )
    fault = ok(Fault, faults_add.sync(client=control, body=lost))
    order = HoldRequest(client=guest, point=POINT, amount=30, duration=10)
    try:
        raise AssertionError(f"the answer is lost: {hold.sync(client=api, body=order)}")
    except httpx.RemoteProtocolError:
        pass
    equal(available(), 70)
    equal(ok(Fault, faults_get.sync(fault.id, client=control)).hits, 1)
    match = EntryMatch(operation="hold", body={"client": guest, "amount": 30})
    once = Verification(match=match, times=VerificationTimes(exactly=1), within="PT0.1S")
    verified = ok(Verified, requests_verify.sync(client=control, body=once))
    equal((verified.ok, verified.count, verified.dropped), (True, 1, 0))
    found = ok(RequestList, requests_find.sync(client=control, body=Verification(match=match)))
    equal([entry.operation for entry in found.requests], ["hold"])
    never = Verification(match=EntryMatch(operation="retail"), times=VerificationTimes(at_least=1))
    equal(ok(Verified, requests_verify.sync(client=control, body=never)).ok, False)
    hits = {(it.api, it.operation): it.hits for it in ok(Coverage, coverage.sync(client=control)).operations}
    equal((hits[Api.LOYALCLIENT, "hold"], hits[Api.LOYALCLIENT, "retail"]), (1, 0))

    # What is due happens; and back to where we were.
    equal([(it.account, it.amount) for it in advance(control, "11m").expired if it.account == guest], [(guest, 30)])
    ok(Restored, snapshots_restore.sync("rich", client=control))
    equal((available(), ok(Clock, clock_get.sync(client=control)).now), (100, at(f"{year}-01-31T12:00:00")))

    exported = ok(Fixture, state_export.sync(client=control))
    assert isinstance(exported.loyalclient, LoyalClientRecords)
    books_are_sound(control)
    ok(Reset, reset.sync(client=control))
    ok(Problem, accounts_get.sync(Api.LOYALCLIENT, guest, client=control))
    server = Control(base_url=URL)
    equal(ok(SandboxInfo, sandboxes_get.sync(name, client=server)).generation, 1)
    equal(sandboxes_delete.sync_detailed(name, client=server).status_code, 204)
