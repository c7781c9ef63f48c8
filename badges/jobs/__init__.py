"""The background worker: mails and status lists. The truth is in our tables; a lost task is found again there."""
