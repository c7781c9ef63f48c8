"""The web front: pages for people, documents for machines. A view reads the input, calls one service, answers."""
