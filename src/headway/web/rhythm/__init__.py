"""Which reviews are held and when; calendars."""
