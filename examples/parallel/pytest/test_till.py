"""Every test has all the points of the same client, and a clock of its own."""

import pytest

from till import Refused

IVAN, PHONE = "62a0f1e2d3c4b5a697882486", "+7 920 123-45-67"


@pytest.mark.parametrize("guest", ["first", "second", "third", "fourth"])
def test_all_points_are_there_and_can_be_spent(till, guest):
    assert till.find(PHONE)["balance"] == 878
    assert till.pay(IVAN, amount=1000, spend=878)["total"] == 122
    assert till.find(PHONE)["balance"] == 0


def test_points_cannot_be_spent_twice(till):
    till.pay(IVAN, amount=1000, spend=878)
    with pytest.raises(Refused, match="Spend can't be more 0"):
        till.pay(IVAN, amount=1000, spend=878)


def test_a_hold_ends_after_ten_minutes(till, sandbox):
    held = till.hold(IVAN, 878)
    expired = sandbox.advance("PT11M")["expired"]
    assert held["id"] in [over["id"] for over in expired]
    assert till.pay(IVAN, amount=1000, spend=878)["spend"] == 878


def test_a_hold_stands_while_no_time_passes(till):
    till.hold(IVAN, 878)
    with pytest.raises(Refused, match="Amount can't be more 0"):
        till.hold(IVAN, 1)


@pytest.mark.parametrize("by, date", [("P1D", "2040-01-02"), ("P31D", "2040-02-01"), ("P366D", "2041-01-01")])
def test_time_passes_here_alone(sandbox, by, date):
    sandbox.freeze("2040-01-01T00:00:00Z")
    assert sandbox.advance(by)["now"].startswith(date)
