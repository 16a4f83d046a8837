"""LoyalClient's scenario: find the guest, hold points, pay with them; and a hold that nobody ends."""

from common import advance, books_are_sound, equal, ok, sandbox
from control.models import ExpiredKind
from loyalclient import AuthenticatedClient
from loyalclient.api.general import client, hold, recalc, release, retail
from loyalclient.models import (
    ClientAnswer,
    ClientRecord,
    ClientRequest,
    Held,
    HoldAnswer,
    HoldRefusal,
    HoldRequest,
    RecalcAnswer,
    RecalcRequest,
    ReleaseAnswer,
    ReleaseRequest,
    RetailAnswer,
    RetailEarn,
    RetailRequest,
    RetailSpend,
)

POINT = "62a0f1e2d3c4b5a69788f4f4"
PHONE = "+7 (920) 123-45-67"


def main() -> None:
    url, control = sandbox("python-loyalclient")
    api = AuthenticatedClient(base_url=url, token="test-key", prefix="", auth_header_name="apikey")

    def guest() -> ClientRecord:
        request = ClientRequest(search=PHONE, point=POINT, hold=[])
        return ok(ClientAnswer, client.sync(client=api, body=request)).client

    def held(amount: float) -> Held:
        request = HoldRequest(client=ivan.id, point=POINT, amount=amount, duration=10)
        return ok(HoldAnswer, hold.sync(client=api, body=request)).held

    ivan = guest()
    equal((ivan.phone, ivan.balance, ivan.level.percent), (79201234567, 878, 10))

    # Points are held while the guest pays, and spent with the purchase.
    first = held(100)
    equal(guest().balance, 778)
    reckoned = recalc.sync(client=api, body=RecalcRequest(client=ivan.id, point=POINT, amount=1000, hold=[first.id]))
    ok(RecalcAnswer, reckoned)
    paid = RetailRequest(client=ivan.id, point=POINT, amount=1000, spend=100, hold=[first.id])
    ok(RetailSpend, ok(RetailAnswer, retail.sync(client=api, body=paid)).retail)
    earned = RetailRequest(client=ivan.id, point=POINT, amount=500, spend=0)
    ok(RetailEarn, ok(RetailAnswer, retail.sync(client=api, body=earned)).retail)
    equal(guest().balance, 828)

    # One is given back, one is forgotten and ends by itself.
    ok(ReleaseAnswer, release.sync(client=api, body=ReleaseRequest(id=held(28).id)))
    forgotten = held(28)
    equal(guest().balance, 800)
    ended = [it.id for it in advance(control, "PT10M").expired if it.kind == ExpiredKind.HOLD]
    assert forgotten.id in ended, ended
    equal(guest().balance, 828)

    refusal = hold.sync(client=api, body=HoldRequest(client=ivan.id, point=POINT, amount=829))
    equal(ok(HoldRefusal, refusal).to_dict(), {"amount": "Amount can't be more 828"})
    books_are_sound(control)
