"""What makes the planner step aside."""


class NotUnderstood(Exception):
    """The planner cannot be certain of Oxigraph's answer, so Oxigraph gives it. The message says why, for people."""
