"""Private keys. Everything else sees only a `Signer`, named by the key's URI."""
