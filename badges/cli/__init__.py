"""The `badges` command: a file for each noun."""
