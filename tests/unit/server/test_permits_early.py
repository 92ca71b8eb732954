"""What was said too early: how much of it waits, for how long, and that nobody fills the table."""

from meti_desk.server import permits
from tests.unit.server.ministry import Ministry

MOST = 500


def waiting(ministry: Ministry) -> int:
    ((count,),) = ministry.database.run("SELECT COUNT(*) FROM cases WHERE kind = 'permit-early'")
    return int(count)


def test_a_device_that_makes_ids_up_fills_nothing_and_hinders_nobody(ministry: Ministry) -> None:
    def flood() -> None:
        for number in range(MOST + 20):
            ministry.decide("z1", f"made-up-{number}")

    ministry.database.together(flood)
    assert waiting(ministry) == MOST
    assert ministry.decide() == "permit.not-held"
    assert waiting(ministry) == MOST + 1
    assert ministry.ask() == ""
    assert ministry.state() == ("granted", 2)
    assert waiting(ministry) == MOST


def test_what_waits_in_vain_is_let_go_after_ninety_days(ministry: Ministry) -> None:
    ministry.decide(permit="p1")
    ministry.later(60)
    ministry.decide(permit="p2")
    ministry.later(31)
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert waiting(ministry) == 1
    assert ministry.ask(until="2027-03-01") == ""
    assert ministry.ask(permit="p2", until="2027-03-01") == ""
    assert [ministry.state(one)[0] for one in ("p1", "p2")] == ["requested", "granted"]
