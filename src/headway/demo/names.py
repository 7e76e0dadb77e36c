"""Invented names: accounts, contacts, sellers, and what deals are about. None is meant to exist."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

SELLERS = (
    ("Ingrid Solheim", "North"),
    ("Tomasz Wrona", "North"),
    ("Beatriz Nogueira", "North"),
    ("Callum Ferris", "North"),
    ("Annika Roth", "Central"),
    ("Jonas Pechstein", "Central"),
    ("Zsófia Halmos", "Central"),
    ("Pieter van Loon", "Central"),
    ("Chiara Montesi", "South"),
    ("Damien Lacroix", "South"),
    ("Leyla Demirci", "South"),
    ("Marko Jurić", "South"),
)

_FIRST_PARTS_TEXT = """
Brightwater Kestrel Alderley Nordhaven Fjellgard Ostermark Valbruna Castellana Montferro Lindqvist
Harrowgate Silvermere Torvald Kaltenbach Rosenau Weidental Brunnhof Steinacker Halvorsen Vestergard
Dunmore Ashcombe Thornbury Larkfield Wexmoor Pellworm Granvik Solberga Ekeby Marquina Belmonte
Torrevieja Albacara Serranova Vinhais Almeirim Pontevila Lacombe Duverney Montclar Valmorel Beaurivage
Chantelle Roquefeuil Zelenka Horakova Wolanska Borowiec Kowary Lipnica Szentendy Barlang Dravasto
Jelenia Morava Krasna Drenova Lozana Tisza Aurelmont Bergamini Ferrante Gavioli Morandi Trevisol
Quadrelli Hofkirch Innbrück Tannwald Erlenbach Rheinau Oberlohe Sandvoort Westergaarde Hoogland
Zuiderveen Kloosterdam Beekman Noordwal Ravenstone Hartwell Elmbridge Coldbrook Fenwick Stanmore
Ivybridge
"""
_BRANCHES = (
    ("Foods", "Food and drink"),
    ("Dairy", "Food and drink"),
    ("Brewing", "Food and drink"),
    ("Bakeries", "Food and drink"),
    ("Packaging", "Packaging"),
    ("Glass", "Packaging"),
    ("Paper", "Packaging"),
    ("Plastics", "Packaging"),
    ("Precision", "Machinery"),
    ("Pumps", "Machinery"),
    ("Drives", "Machinery"),
    ("Tools", "Machinery"),
    ("Coatings", "Chemicals"),
    ("Polymers", "Chemicals"),
    ("Ceramics", "Building materials"),
    ("Timber", "Building materials"),
    ("Steel", "Metals"),
    ("Castings", "Metals"),
    ("Logistics", "Wholesale"),
    ("Wholesale", "Wholesale"),
    ("Medical", "Medical devices"),
    ("Optics", "Medical devices"),
    ("Textiles", "Textiles"),
    ("Furniture", "Furniture"),
)
_SUBJECTS = (
    "plant scheduling",
    "demand planning",
    "warehouse slotting",
    "shift planning",
    "maintenance planning",
    "order promising",
    "supplier portal",
    "production control",
    "batch traceability",
    "line balancing",
    "stock optimisation",
    "spare parts planning",
    "energy planning",
    "quality records",
    "capacity planning",
    "route planning",
)
_GIVEN_TEXT = """
Marta Elena Sofie Hanna Greta Ilse Karin Renate Lucía Carmen Inês Rita Margarida Claire Hélène Amélie
Sabine Katarzyna Agnieszka Eszter Dóra Petra Jana Lenka Francesca Giulia Paola Femke Anouk Saskia Fiona
Alison Priya Nadia Yasemin Aylin Anders Henrik Lars Mikkel Oskar Matthias Stefan Jürgen Florian Tobias
Andreas Pablo Javier Rui Tiago Nuno Étienne Laurent Mathieu Olivier Bartosz Grzegorz Paweł Gábor Balázs
Ondřej Marek Luca Matteo Davide Bram Joost Ruben Graham Neil Rhys Declan Arjun Omar Emre Kerem Ivan
Dragan
"""
_FAMILY_TEXT = """
Aaltonen Bakker Baumgartner Becher Bianchini Bouvier Brandvold Carvalhal Castells Ceulemans Dahlgren
Delaunay Dietl Dvorský Egeland Eriksholm Fabbri Falkner Ferreirinha Fontanel Gallagher Gerritsen
Grabowska Haldorsen Hargreave Heikkinen Hofstätter Horváthy Iversby Jansky Kaminska Kellerhals Kovačev
Krogstad Lachance Lindahl Lorenzetti Maddox Malinowska Marchetti Meininger Mertens Moravec Nyström
Oliveros Palmieri Pedrosa Pichler Quintela Raudsepp Reinholt Ribeirinho Rosendahl Salvatori Sandoval
Schaffner Sedláček Silveira Sørby Steinbrück Szabolcs Tavares Tengler Thorsen Trautmann Ulbricht
Valentim Verhoeven Villalonga Wachter Westlake Wieczorek Winterfeld Yardley Zanetti Zimmerl
"""
_FIRST_PARTS, _GIVEN, _FAMILY = (tuple(text.split()) for text in (_FIRST_PARTS_TEXT, _GIVEN_TEXT, _FAMILY_TEXT))
ROLES = ("user", "champion", "economic buyer", "procurement", "legal", "security")

SOURCES = ("Referral", "Web", "Trade fair", "Outbound", "Partner", "Existing contact")

LOSS_REASONS = {
    "lost": (
        "Chose a competitor",
        "Price",
        "Missing function",
        "Built it themselves",
        "Failed their risk assessment",
    ),
    "no_decision": ("No decision - went quiet", "No decision - stayed as they were", "No decision - budget moved"),
    "withdrawn": ("Withdrawn by us - no fit", "Withdrawn by us - disqualified"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A buyer: company, trade, and its people by their part in the decision (`ROLES`)."""

    id: str
    name: str
    industry: str
    contacts: dict[str, str]


@cache
def record_id(prefix: str, number: int) -> str:
    """An 18-character id as a CRM writes it: 15 characters and a check suffix of three.

    The suffix spells, five characters at a time, which of them are capitals (Salesforce's rule).
    """
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    scrambled, body = (number * 7_368_787 + 91_193) % 62**5, ""
    for _ in range(5):
        scrambled, digit = divmod(scrambled, 62)
        body = digits[digit] + body
    short = f"{prefix}7Q00000{body}"[:15].ljust(15, "0")
    suffix = "".join(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[sum(1 << i for i, c in enumerate(short[at : at + 5]) if c.isupper())]
        for at in (0, 5, 10)
    )
    return short + suffix


def invented_accounts(rng: np.random.Generator, count: int) -> list[Account]:
    """`count` accounts with distinct names. ValueError where there are not that many."""
    pairs = [(first, branch) for first in _FIRST_PARTS for branch in _BRANCHES]
    if count > len(pairs):
        raise ValueError(f"only {len(pairs)} account names exist")
    accounts = []
    for number, chosen in enumerate(rng.permutation(len(pairs))[:count]):
        first, (branch, industry) = pairs[chosen]
        given = rng.permutation(len(_GIVEN))[: len(ROLES)]
        family = rng.permutation(len(_FAMILY))[: len(ROLES)]
        people = [f"{_GIVEN[g]} {_FAMILY[f]}" for g, f in zip(given, family, strict=True)]
        contacts = dict(zip(ROLES, people, strict=True))
        accounts.append(Account(record_id("001", number), f"{first} {branch}", industry, contacts))
    return accounts


def deal_subject(rng: np.random.Generator) -> str:
    """What a deal is about: `plant scheduling`."""
    return _SUBJECTS[int(rng.integers(len(_SUBJECTS)))]
