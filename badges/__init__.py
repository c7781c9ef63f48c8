"""The open badge service of the campaign #AMillionDecisions."""
