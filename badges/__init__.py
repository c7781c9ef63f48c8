"""The open badge service of the campaign #AMillionDecisions."""

__version__ = "0.1.0"
