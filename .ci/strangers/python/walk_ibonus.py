"""i-bonus.me's scenario: find the client, place an order with points, take it back; a hold of the fiscal hub."""

import base64

from common import advance, books_are_sound, each, equal, ok, sandbox
from ibonus import AuthenticatedClient, Client
from ibonus.api.clients import clients_balance, clients_coupons, clients_history, clients_list
from ibonus.api.holds import holds_create
from ibonus.api.orders import fiscal_auth, orders_create, orders_items, orders_list
from ibonus.models import (
    ClientRecord,
    Coupon,
    Currency,
    Error,
    Hold,
    HoldRequest,
    Item,
    MerchantAuth,
    Order,
    OrderRequest,
    Refund,
    RefundLine,
    Sale,
    SaleLine,
    Sum,
    Transaction,
    Unit,
)


def main() -> None:
    url, control = sandbox("python-ibonus")
    basic = base64.b64encode(b"merchant@example.com:secret").decode()
    api = AuthenticatedClient(base_url=url, token=basic, prefix="Basic")

    def points() -> float:
        sums = each(Sum, clients_balance.sync(anna.id, client=api))
        return next(it.amount for it in sums if it.currency == Currency.POINTS)

    def placed(order: Sale | Refund, write_off: float = 0) -> None:
        request = OrderRequest(order=order, amount=write_off, currency=Currency.POINTS)
        answer = orders_create.sync_detailed(client=api, body=request)
        equal((answer.status_code, answer.content), (200, b""))

    def newest() -> Order:
        return each(Order, orders_list.sync(client=api, client_id=anna.id, limit=1))[0]

    clients = each(ClientRecord, clients_list.sync(client=api, phone="%123456789%"))
    anna = clients[0]
    equal((len(clients), anna.phone), (1, "+7 (912) 345-67-89"))
    before = points()
    assert all(coupon.token for coupon in each(Coupon, clients_coupons.sync(anna.id, client=api)))

    # The order's answer has no body: its id is found by the merchant's own number.
    lines = [SaleLine(name="Капучино", price=250, quantity=2, unit=Unit.PIECE, vat=20)]
    sale = Sale(external_id="python-1", receipt_type="sale", items=lines, amount_card=400, customer_phone=anna.phone)
    placed(sale, write_off=100)
    order = newest()
    equal((order.external_order_number, order.total_amount), ("python-1", 500))
    equal(points(), before - 100 + order.cashback_amount)
    again = orders_create.sync(client=api, body=OrderRequest(order=sale))
    equal(ok(Error, again).status, 400)

    # All of it comes back.
    items = each(Item, orders_items.sync(order.id, client=api))
    equal([(it.name, it.quantity) for it in items], [("Капучино", 2)])
    placed(Refund(external_id="python-2", receipt_type="refund", items=[RefundLine(id=it.id) for it in items]))
    equal(points(), before)
    assert len(each(Transaction, clients_history.sync(anna.id, client=api))) >= 2

    # A hold of the hub lives for 30 days. Its log-in and key stand in the query; the generator knows one way to log in
    # for a client, so Basic goes along.
    fiscal = ok(MerchantAuth, fiscal_auth.sync(client=api))
    login = {"login": fiscal.fiscal_login, "api_key": fiscal.fiscal_api_key}
    hub = AuthenticatedClient(base_url=url, token=basic, prefix="Basic", httpx_args={"params": login})
    held = holds_create.sync(client=hub, body=HoldRequest(client_id=anna.id, currency=Currency.POINTS, amount=40))
    equal(ok(Hold, held).amount, 40)
    equal(points(), before - 40)
    assert any(it.account == str(anna.id) and it.amount == 40 for it in advance(control, "P30D").expired)

    stranger = clients_balance.sync(anna.id, client=Client(base_url=url))
    equal(ok(Error, stranger).status, 401)
    books_are_sound(control)
