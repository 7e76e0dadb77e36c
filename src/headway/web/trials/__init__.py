"""Trials: which run, what they say so far, and beginning and ending one."""
