"""Reports made by filling a form are no copies of one another, however alike; edited copies of one are."""

import random
import re

import pytest

from transforms.duplicates.decide import decide
from transforms.duplicates.fingerprint import copy_id, fingerprints
from transforms.duplicates.numbers import differ, packed_sample

FORMS = {
    "weather": (
        "Weather forecast for {city} on {day}: {sky} in the morning with temperatures around "
        "{n} degrees Celsius. In the afternoon the temperature will rise to {n} degrees, with a "
        "chance of rain of {n} percent. Winds from the {dir} at {n} kilometres per hour, gusts "
        "of up to {n}. Humidity will be {n} percent. Overnight it will cool down to {n} "
        "degrees. The sun rises at {n}:{n} and sets at {n}:{n}. Drivers are asked to take care "
        "on wet roads, the meteorological service said in its daily bulletin. The outlook for "
        "the next days remains changeable with further showers possible in most parts of the "
        "region. The next forecast will be published at {n} o'clock."
    ),
    "stocks": (
        "Shares of {firm} closed at {n}.{n} dollars on {day}, a change of {n}.{n} percent from "
        "the previous close. The stock opened at {n}.{n} and traded between {n}.{n} and {n}.{n} "
        "during the session. Volume was {n},{n} shares, compared with an average of {n},{n} "
        "over the past three months. The company has a market value of {n} billion dollars and "
        "trades at {n} times earnings. Over the past year the stock has gained {n} percent. Of "
        "the analysts who cover the company {n} rate it a buy, {n} a hold and {n} a sell, "
        "according to data compiled by the exchange. This report was generated automatically "
        "from market data."
    ),
    "football": (
        "{city} beat {city2} {n}-{n} on {day} in front of {n},{n} spectators. The hosts went "
        "ahead in the {n}th minute through {name}, and {name} doubled the lead in the {n}th. "
        "The visitors pulled one back in the {n}th minute but could not find an equaliser "
        "despite having {n} percent of the possession and {n} shots on target. The referee "
        "showed {n} yellow cards. With the result {city} move to {n}th place with {n} points "
        "from {n} matches, while {city2} stay {n}th with {n}. The two sides meet again on {day} "
        "in the return fixture of the season."
    ),
    "losses": (
        "The General Staff of the Armed Forces of Ukraine said on Facebook that Russia had lost "
        "about {n},{n} troops since the beginning of the full-scale invasion, including {n} "
        "over the past day. According to the report, Russia has also lost {n},{n} tanks, "
        "{n},{n} armored fighting vehicles, {n},{n} vehicles and fuel tanks, {n},{n} artillery "
        "systems, {n},{n} multiple launch rocket systems, {n} air defense systems, {n} "
        "airplanes, {n} helicopters, {n},{n} drones, {n} ships and boats, and one submarine. "
        "The figures cannot be verified independently. The data are being updated, the General "
        "Staff said, since the calculation is complicated by the high intensity of the "
        "fighting."
    ),
    "quake": (
        "A magnitude {n}.{n} earthquake struck {n} kilometres {dir} of {city} on {day} at "
        "{n}:{n} local time, the United States Geological Survey said. The quake hit at a depth "
        "of {n}.{n} kilometres. There were no immediate reports of casualties or damage, and no "
        "tsunami warning was issued. The region lies on the Pacific Ring of Fire, an arc of "
        "intense seismic activity that stretches from Southeast Asia through Japan and across "
        "the Pacific basin. Residents felt shaking for about {n} seconds, and local authorities "
        "said that they were assessing the situation and asked people to stay calm."
    ),
    "earnings": (
        "{firm} on {day} reported {quarter}-quarter net income of {n}.{n} million dollars. The "
        "company said that it had net income of {n} cents per share. Earnings, adjusted for "
        "one-time gains and costs, were {n} cents per share. The results topped Wall Street "
        "expectations. The average estimate of {n} analysts surveyed was for earnings of {n} "
        "cents per share. The company posted revenue of {n}.{n} million dollars in the period, "
        "also exceeding forecasts. {n} analysts expected {n}.{n} million dollars. For the "
        "current quarter the company said it expects revenue in the range of {n} million "
        "dollars to {n} million dollars. This story was generated using data from the company's "
        "filings."
    ),
    "covid": (
        "Health authorities in {city} reported {n},{n} new infections on {day}, bringing the "
        "total since the beginning of the outbreak to {n},{n}. A further {n} people died, "
        "raising the death toll to {n},{n}. There are {n} patients in hospitals, of whom {n} "
        "are in intensive care and {n} on ventilators. The seven-day incidence per 100,000 "
        "inhabitants stands at {n}.{n}. So far {n} percent of the population have been "
        "vaccinated twice. The authorities asked people to keep their distance, wash their "
        "hands regularly and wear masks indoors, and to stay at home if they feel unwell."
    ),
    "calendar": (
        "On this day in history, {day}: In {y}, the king signed a treaty. In {y}, the "
        "parliament passed the act. In {y}, the war ended with an armistice. In {y}, the "
        "president was sworn in. In {y}, the first flight crossed the ocean. In {y}, the "
        "volcano erupted and destroyed the town. In {y}, the court overturned the law. In {y}, "
        "the expedition reached the pole. In {y}, the bridge was opened to traffic. In {y}, the "
        "colony became independent. The list is compiled from the archive and is checked by the "
        "editors each year."
    ),
}
WORDS = {
    "city": ["London", "Paris", "Seoul", "Kyiv", "Lagos", "Lima", "Quito", "Dhaka", "Oslo", "Rome"],
    "firm": ["Acme Corp", "Borealis Inc", "Cintra Group", "Dorvex", "Elmet", "Fenway", "Gorton"],
    "name": ["Silva", "Kane", "Okoye", "Ivanov", "Chen", "Diaz", "Musa", "Novak", "Rossi", "Kim"],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "quarter": ["first", "second", "third", "fourth"],
    "dir": ["north", "east", "south", "west"],
    "sky": ["sunny", "cloudy", "overcast", "foggy"],
}
EACH = 30


def filled(chance, form):
    """Return a form with its blanks filled; {n} a number, {y} a year, else the same word everywhere."""
    words = {name: chance.choice(values) for name, values in WORDS.items()}
    words["city2"] = chance.choice(WORDS["city"])

    def fill(blank):
        if blank[1] == "n":
            return str(chance.randint(1, 99) if chance.random() < 0.6 else chance.randint(100, 999))
        return str(chance.randint(1500, 2020)) if blank[1] == "y" else words[blank[1]]

    return re.sub(r"{(\w+)}", fill, form)


@pytest.fixture(scope="module")
def reports(copy_of):
    """Return [(form, copy)], EACH of each form."""
    chance = random.Random(1)
    return [
        (
            name,
            copy_of(filled(chance, form), feed=f"f{number % 3}", hours=number, title=f"{number}"),
        )
        for name, form in FORMS.items()
        for number in range(EACH)
    ]


def kept(decisions):
    return sum(item.reason is None for item in decisions)


def test_most_reports_of_a_form_are_kept(reports):
    copies = [copy for _, copy in reports]
    assert kept(decide(fingerprints(copies))) >= 0.9 * len(copies)


def test_most_reports_of_a_form_that_earlier_runs_know_are_kept(reports, signatures):
    copies = [copy for _, copy in reports]
    known = signatures(copies[::2])
    assert kept(decide(fingerprints(copies[1::2]), [known])) >= 0.8 * len(copies[1::2])


def test_a_copy_of_a_report_is_found_among_all_reports(reports, copy_of):
    """In another paper, cut, with a number corrected and a sentence added."""
    copies = [copy for _, copy in reports]
    owner, edited = {}, []
    for _, copy in reports[::10]:
        sentences = copy.article.text.split(". ")
        text = ". ".join([*sentences[:-1], "Read more on our pages"])
        text = re.sub(r"\d+", "7", text, count=1)
        edited.append(copy_of(text, feed="other", hours=1000, title=copy.article.title))
        owner[copy_id(edited[-1])] = copy.article.article_id
    decisions = decide(fingerprints([*copies, *edited]))
    found = {item.copy_id: item.article_id for item in decisions if item.copy_id in owner}
    same = {item.copy_id: item.article_id for item in decisions}
    kept_for = {copy.article.article_id: same[copy_id(copy)] for copy in copies}
    right = sum(article in {owner[name], kept_for[owner[name]]} for name, article in found.items())
    assert right >= 0.9 * len(owner)


@pytest.mark.parametrize(
    ("one", "other", "containment", "different"),
    [
        (range(1, 11), range(1, 11), 1.0, False),
        (range(1, 11), range(101, 111), 0.6, True),
        (range(1, 11), range(6, 16), 0.6, False),
        (range(1, 11), range(9, 19), 0.95, True),
        (range(1, 3), range(101, 103), 0.6, False),  # two numbers may both have been updated
        ((), range(1, 30), 0.6, False),
        (range(1, 100), range(1, 100, 2), 0.6, False),
        (range(1, 100), range(101, 200), 0.6, True),
        (range(1, 100), range(1, 6), 0.9, False),
    ],
)
def test_numbers_differ_where_a_copy_would_have_kept_more(one, other, containment, different):
    samples = [packed_sample(number * 40503 % 65536 for number in part) for part in (one, other)]
    assert differ(*samples, containment) is different
    assert differ(*reversed(samples), containment) is different


def test_nothing_differs_from_what_is_not_known():
    assert not differ(None, packed_sample(range(9)), 1.0)
    assert not differ(packed_sample(range(9)), b"", 1.0)
