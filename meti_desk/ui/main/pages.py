"""The pages of the window by name; each is imported when it is first wanted."""

from collections.abc import Callable

from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page


def makers() -> dict[str, Callable[[Desktop], Page]]:
    """Give what makes each page."""

    def home(desktop: Desktop) -> Page:
        from meti_desk.ui.main.home import HomePage

        return HomePage(desktop)

    def selfcheck(desktop: Desktop) -> Page:
        from meti_desk.ui.selfcheck.page import SelfCheckPage

        return SelfCheckPage(desktop)

    def ledger(desktop: Desktop) -> Page:
        from meti_desk.ui.ledger.page import LedgerPage

        return LedgerPage(desktop)

    def settings(desktop: Desktop) -> Page:
        from meti_desk.ui.settings.page import SettingsPage

        return SettingsPage(desktop)

    def protecting(desktop: Desktop) -> Page:
        from meti_desk.ui.protecting.page import ProtectingPage

        return ProtectingPage(desktop)

    def recipients(desktop: Desktop) -> Page:
        from meti_desk.ui.recipients.page import RecipientsPage

        return RecipientsPage(desktop)

    def permits(desktop: Desktop) -> Page:
        from meti_desk.ui.permits.page import PermitsPage

        return PermitsPage(desktop)

    def review(desktop: Desktop) -> Page:
        from meti_desk.ui.review.page import ReviewPage

        return ReviewPage(desktop)

    def register(desktop: Desktop) -> Page:
        from meti_desk.ui.register.page import RegisterPage

        return RegisterPage(desktop)

    return {
        "home": home,
        "permits": permits,
        "review": review,
        "protecting": protecting,
        "recipients": recipients,
        "selfcheck": selfcheck,
        "ledger": ledger,
        "register": register,
        "settings": settings,
    }
