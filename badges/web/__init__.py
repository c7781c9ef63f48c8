"""The web front: pages for people, documents for machines. Views read the input, call one service, choose the answer."""
