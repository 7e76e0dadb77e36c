"""Signs that a process is played rather than followed; of a process or a meeting, never of a person."""
