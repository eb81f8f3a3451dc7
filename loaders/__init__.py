"""From the publishers' files to a published release; see `pipeline.py` for the flow."""

__version__ = "0.1.0"
