"""How often the judge is right: firms with a known truth, judged by the thousand; see tools/truth.py."""
