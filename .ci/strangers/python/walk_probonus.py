"""ProBonus's typical scenarios: log in, find and open accounts, points that burn, a sale and its return."""

from datetime import timedelta

from common import advance, books_are_sound, each, equal, ok, sandbox
from control.api.till import till_refunds, till_sales
from control.models import Check as Rung
from control.models import DishOrder, ExpiredKind, RefundRequest, SaleRequest
from probonus import AuthenticatedClient, Client
from probonus.api.account_groups import account_groups_get_by_id, account_groups_refill
from probonus.api.accounts import (
    accounts_find_by_phone,
    accounts_find_by_phone_post,
    accounts_get_balance_extended,
    accounts_insert_by_template,
    accounts_refill,
    accounts_transactions,
    accounts_update,
    accounts_withdraw,
)
from probonus.api.auth import auth_info, auth_login, auth_logout, auth_refresh_token
from probonus.api.checks import checks_get_by_id
from probonus.api.discounts import discounts_insert
from probonus.api.reports import reports_balances
from probonus.models import (
    Account,
    AccountGroup,
    AccountUpdate,
    BalanceExtended,
    BalancesReport,
    Check,
    Discount,
    DiscountInsert,
    Done,
    Error,
    GivenStep,
    GroupOperation,
    GroupOutcome,
    HTTPValidationError,
    InsertByTemplate,
    LoginRequest,
    Operated,
    Operation,
    PhoneRequest,
    Tokens,
    Transaction,
    User,
)

SELF_REGISTERED = 3


def main() -> None:
    url, control = sandbox("python-probonus")

    # A token and its renewal; logged out, it works no more. The till's program has a permanent key.
    login = LoginRequest(login="admin", password="111")
    tokens = ok(Tokens, auth_login.sync(client=Client(base_url=url), body=login))
    renewed = ok(Tokens, auth_refresh_token.sync(client=AuthenticatedClient(base_url=url, token=tokens.access_token)))
    session = AuthenticatedClient(base_url=url, token=renewed.access_token)
    equal(ok(User, auth_info.sync(client=session)).login, "admin")
    equal(ok(Done, auth_logout.sync(client=session)).success, True)
    ok(Error, auth_info.sync(client=session))
    api = AuthenticatedClient(base_url=url, token="test-key", prefix="", auth_header_name="X-API-Key")

    def balance(account: int) -> BalanceExtended:
        return ok(BalanceExtended, accounts_get_balance_extended.sync(client=api, account_id=account))

    # Found in every spelling, by GET and by POST.
    maria = ok(Account, accounts_find_by_phone.sync(client=api, phone="8 (916) 123-45-67"))
    equal(accounts_find_by_phone_post.sync(client=api, body=PhoneRequest(phone="9161234567")), maria)
    ok(Error, accounts_find_by_phone.sync(client=api, phone="79160000000"))

    # A new guest gets what the group's template gives; twice it is refused.
    group = ok(AccountGroup, account_groups_get_by_id.sync(client=api, id=SELF_REGISTERED))
    assert group.template is not None
    new = InsertByTemplate(phone="+79031112233", account_id=group.id, last_name="Орлова", first_name="Анна")
    anna = ok(Account, accounts_insert_by_template.sync(client=api, body=new))
    equal((anna.account_group_id, anna.balance), (group.id, group.template.welcome_bonus))
    ok(Error, accounts_insert_by_template.sync(client=api, body=new))
    equal(balance(anna.id).available, 0)
    advance(control, "P1D")
    equal(balance(anna.id).available, group.template.welcome_bonus)

    # Points come with a life, the soonest to burn goes first, and what is left burns.
    given = Operation(account_id=anna.id, amount=100.5, burn_days=2, comment="В подарок")
    equal(ok(Operated, accounts_refill.sync(client=api, body=given)).balance, anna.balance + 100.5)
    taken = Operation(phone="+79031112233", amount=40)
    equal(ok(Operated, accounts_withdraw.sync(client=api, body=taken)).balance, anna.balance + 60.5)
    soonest = balance(anna.id).burning[0]
    equal((soonest.amount, soonest.days_left), (60.5, 2))
    burnt = [it for it in advance(control, "P2D").expired if it.kind == ExpiredKind.LOT and it.account == str(anna.id)]
    equal([it.amount for it in burnt], [60.5])
    entries = each(Transaction, accounts_transactions.sync(client=api, account_id=anna.id))
    equal([it.amount for it in entries], [-60.5, -40, 100.5, 200])
    nothing = accounts_refill.sync(client=api, body=Operation(account_id=anna.id, amount=0))
    equal(ok(HTTPValidationError, nothing).detail[0].loc, ["body", "amount"])

    # A ladder of one's own, a sale at the till, and its return.
    steps = [GivenStep(threshold=0, percent=3), GivenStep(threshold=1000, percent=10)]
    ladder = ok(Discount, discounts_insert.sync(client=api, body=DiscountInsert(name="Лестница", steps=steps)))
    ok(Account, accounts_update.sync(client=api, body=AccountUpdate(id=anna.id, discount_id=ladder.id)))
    before = balance(anna.id).balance
    sale = SaleRequest(account_id=anna.id, dishes=[DishOrder(name="Борщ", quantity=2, price=600)], bonus_paid=200)
    rung = ok(Rung, till_sales.sync(client=control, body=sale))
    check = ok(Check, checks_get_by_id.sync(client=api, id=rung.id))
    equal((check.total, check.bonus_paid, check.bonus_accrued), (1200, 200, 30))
    equal([dish.name for dish in check.dishes], ["Борщ"])
    equal(balance(anna.id).balance, before - 200 + 30)
    ok(Rung, till_refunds.sync(client=control, body=RefundRequest(check_id=check.id)))
    equal(balance(anna.id).balance, before)

    # For a whole group; the report's sums are the accounts'.
    outcome = ok(GroupOutcome, account_groups_refill.sync(client=api, body=GroupOperation(id=group.id, amount=10)))
    equal(outcome.amount, 10 * outcome.accounts)
    report = ok(BalancesReport, reports_balances.sync(client=api))
    equal(report.total.balance, sum(row.balance for row in report.groups))
    assert check.closed_at - check.opened_at >= timedelta(0)
    books_are_sound(control)
