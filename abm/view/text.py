"""The text on the page."""

from abm.base.calendar import date_of
from abm.report.text.number_format import percent
from abm.view.lever_buttons import LeverButton
from abm.view.live_model import LiveModel
from abm.view.session import LeverPull
from abm.view.settings import CALENDAR, years_of

INTRODUCTION = (
    "In China people buy inside the video app; in the West they keep one app per job. Here simulated shoppers choose, "
    "week by week, between single apps and the super-app: by taste, habit, trust, price, live streams \u2013 and by "
    "what their friends do. Press \u25b6 and watch both markets under the same rules; only their parameters differ."
)
LEGEND = (
    ("abm-super", "a shopper who buys in the super-app"),
    ("abm-single", "one who keeps to single apps"),
    ("abm-unaware", "has not heard of it (no ring)"),
    ("abm-large", "larger: more friends"),
    ("abm-tie", "friends"),
    ("abm-community", "circle of friends"),
)
_MAX_LISTED = 4  # pulled levers listed below the buttons
SUGGESTIONS = (
    "Press \u25b6 on the left and let a year or two go by.",
    "Pull a lever under a market: an upright line marks the week, dashed lines go on without it, "
    "with the same random numbers.",
    "Change a parameter on the left, such as norm strength: it acts from the next week on.",
    "Choose other markets, another size or seed and press Reset to begin again; parameters stay as you left them.",
    "Does the West catch up when it gets Asia's trust, or its taste? That is what abm explain computes.",
)
ALT = {
    "shoppers": "Share of consumers in the super-app, week by week, one line per market.",
    "sales": "The super-app's share of online spend, week by week, with published figures as points.",
    "states": "Mean trust, mean habit and share of consumers who have heard of the shop, week by week.",
    "taste": "Share of consumers who tried the super-app, by taste.",
    "friends": "Chance to switch to the super-app in a week, by number of friends who are there.",
}


def market_summary(model: LiveModel, market: str) -> str:
    """Return adoption and sales of a market this week as a sentence.

    Parameters
    ----------
    model : LiveModel
    market : str
        Name of the market.
    """
    n = model.markets[market].consumers
    return (
        f"{percent(model.adoption(market))} of {n:,} shop in the super-app, "
        f"{percent(model.gmv_share(market))} of this week's spend"
    )


def lever_tooltip(button: LeverButton, active_until: int | None) -> str:
    """Return the tooltip of a lever's button.

    Parameters
    ----------
    button : LeverButton
    active_until : int or None
        Week in which the lever ends; None while it does not act.
    """
    if active_until is None:
        return button.tooltip
    return f"acts until week {active_until}, then it can be pulled again: {button.tooltip}"


def pulled_levers(model: LiveModel, market: str) -> str:
    """Return which levers were pulled last in a market, and when: the upright lines in the curves.

    Parameters
    ----------
    model : LiveModel
    market : str
        Name of the market.
    """
    pulls = [pull for pull in model.pulled if pull.market == market]
    listed = "; ".join(f"{pull.label}, {_weeks(pull)}" for pull in pulls[-_MAX_LISTED:])
    return f"Pulled: {'... ' if len(pulls) > _MAX_LISTED else ''}{listed}" if pulls else "Nothing pulled so far."


def _weeks(pull: LeverPull) -> str:
    if pull.active_until is None:
        return f"from week {pull.week}"
    return f"weeks {pull.week} to {pull.active_until}"


def clock(model: LiveModel) -> str:
    """Return the current week, with its date or the years since launch."""
    if model.clock == CALENDAR:
        return f"Week {model.week}, {date_of(model.week, model.settings.start):%d %b %Y}"
    return f"Week {model.week}, {years_of(model.week):.1f} years"


def network_alt(model: LiveModel, market: str) -> str:
    """Return the alternative text of a network plot.

    Parameters
    ----------
    model : LiveModel
    market : str
        Name of the market.
    """
    return f"Part of the social network of {model.title(market)}; {market_summary(model, market)}."
