"""What the team's pages show, worked out with the diagnosis: figures, and the deals behind each of them."""
