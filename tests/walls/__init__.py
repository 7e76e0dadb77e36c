"""The walls between companies, tried on every address, form and file."""
