"""The team: its pipeline, how it uses its process, and a page per person, which that person sees first."""
