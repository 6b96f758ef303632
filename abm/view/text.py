"""What the page says, and how it looks."""

from abm.calendar import date_of
from abm.report.charts.style import colours
from abm.report.text.number_format import percent
from abm.view.images import SINGLE, SUPER
from abm.view.lever_buttons import Offer
from abm.view.live_model import Pull, Stage
from abm.view.settings import CALENDAR, years_of

QUESTION = (
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
    ("abm-group", "circle of friends"),
)
_SHOWN = 4  # pulled levers listed below the buttons
TRY = (
    "Press \u25b6 on the left and let a year or two go by.",
    "Pull a lever under a market: an upright line marks the week, dashed lines go on without it, "
    "with the same random numbers.",
    "Turn a knob on the left, such as norm strength: it acts from the next week on.",
    "Change markets, size or seed and press Reset to begin again; knobs stay as you left them.",
    "Does the West catch up when it gets Asia's trust, or its taste? That is what abm explain works out.",
)
ALT = {
    "shoppers": "Share of consumers in the super-app, week by week, one line per market.",
    "sales": "The super-app's share of online spend, week by week, with published figures as points.",
    "mind": "Mean trust, mean habit and share of consumers who have heard of the shop, week by week.",
    "taste": "Share of consumers who tried the super-app, by taste.",
    "friends": "Chance to switch to the super-app in a week, by number of friends who are there.",
}
STYLE = f"""
.v-navigation-drawer__content > div {{ display: flex; flex-direction: column; gap: 8px; }}
.v-navigation-drawer__content > div > div:not(.abm-side) {{ display: contents !important; }}
.abm-side {{ order: 1; }}
.v-navigation-drawer__content > div > div:not(.abm-side) > *:nth-child(n+2) {{ order: 2; }}
/* Mesa's choice of threads helps nobody here */
.v-navigation-drawer .v-input--checkbox:not(.abm-side *) {{ visibility: hidden; height: 12px; margin: 0; }}
.abm-page {{ max-width: 1500px; margin: 0 auto; color: #1a1a1a; }}
.theme--dark .abm-page {{ color: #f1f1f1; }}
.abm-intro p {{ margin: 0 0 6px 0; font-size: 15px; line-height: 1.45; max-width: 1180px; }}
.abm-legend {{ display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; }}
.abm-entry {{ display: inline-flex; align-items: center; gap: 6px; }}
.abm-knob {{ font-size: 15px; margin: 8px 0 -20px 0 !important; }}
.abm-word {{ font-size: 13px; margin-right: 10px; opacity: .85; }}
.abm-top {{ display: flex; gap: 24px; justify-content: space-between; }}
.abm-clock {{ font-size: 17px; font-weight: 600; white-space: nowrap; }}
.abm-dot {{ display: inline-block; width: 13px; height: 13px; border-radius: 50%; border: 1.5px solid #1a1a1a; }}
.abm-super {{ background: {SUPER}; }}
.abm-single, .abm-large {{ background: {SINGLE}; }}
.abm-unaware {{ background: {SINGLE}; border-color: transparent; }}
.abm-large {{ width: 18px; height: 18px; }}
.abm-tie {{ height: 0; width: 20px; border: 0; border-top: 1.5px solid #9AA5B1; border-radius: 0; }}
.abm-group {{ width: 22px; height: 15px; border: 0; border-radius: 7px; background: #E1E7ED; }}
.abm-pulled {{ flex-basis: 100%; font-size: 13px; opacity: .85; }}
.abm-grid {{ display: grid; gap: 10px; grid-template-columns: repeat(var(--n), minmax(0, 1fr)); }}
@media (max-width: 1250px) {{ .abm-curves {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }} }}
@media (max-width: 800px) {{
  .abm-grid, .abm-curves {{ grid-template-columns: minmax(0, 1fr); }}
  .abm-top {{ flex-direction: column-reverse; gap: 4px; }}
}}
.abm-card, .abm-help {{ border: 1px solid #dfe3e8; border-radius: 8px; padding: 8px 12px; }}
.abm-head {{ display: flex; align-items: baseline; gap: 14px; flex-wrap: wrap; }}
.abm-head h2 {{ margin: 0; font-size: 20px; }}
.abm-figures {{ font-size: 14px; }}
.abm-picture {{ width: 100%; height: auto; display: block; border-radius: 6px; background: white; }}
.abm-curves .abm-picture {{ border: 1px solid #dfe3e8; border-radius: 8px; }}
.abm-levers {{ display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding-top: 6px; }}
.abm-levers .v-btn {{ text-transform: none; letter-spacing: 0; }}
.abm-help h3 {{ margin: 0 0 4px 0; font-size: 15px; }}
.abm-help li {{ font-size: 13.5px; line-height: 1.4; margin-bottom: 3px; }}
.abm-hint {{ font-size: 12px; opacity: .75; line-height: 1.3; margin: -6px 0 8px 0; }}
.abm-side .v-slider {{ margin-left: 0; }}
"""


def colour(stage: Stage, market: str) -> str:
    """Return the colour of a market, the same as in the report."""
    return colours(list(stage.markets))[market]


def figures(stage: Stage, market: str) -> str:
    """Return this week's figures of a market in words."""
    n = stage.markets[market].consumers
    return (
        f"{percent(stage.adoption(market))} of {n:,} shop in the super-app, "
        f"{percent(stage.gmv_share(market))} of this week's spend"
    )


def lever(offer: Offer, ends: int | None) -> str:
    """Return what the button of a lever says on a closer look."""
    return offer.meaning if ends is None else f"acts until week {ends}, then it can be pulled again: {offer.meaning}"


def pulled(stage: Stage, market: str) -> str:
    """Return which levers were pulled here last, and when: what the upright lines in the curves stand for."""
    own = [pull for pull in stage.pulled if pull.market == market]
    listed = "; ".join(f"{pull.label}, {_when(pull)}" for pull in own[-_SHOWN:])
    return f"Pulled: {'... ' if len(own) > _SHOWN else ''}{listed}" if own else "Nothing pulled so far."


def _when(pull: Pull) -> str:
    return f"from week {pull.week}" if pull.ends is None else f"weeks {pull.week} to {pull.ends}"


def clock(stage: Stage) -> str:
    """Return where the clock stands."""
    if stage.clock == CALENDAR:
        return f"Week {stage.week}, {date_of(stage.week, stage.settings.start):%d %b %Y}"
    return f"Week {stage.week}, {years_of(stage.week):.1f} years"


def network_alt(stage: Stage, market: str) -> str:
    """Return what the picture of a network shows, in words."""
    return f"Part of the social network of {stage.title(market)}; {figures(stage, market)}."
