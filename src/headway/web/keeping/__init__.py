"""The data of a workspace as a whole: export, hand-over, erasure, retention."""
