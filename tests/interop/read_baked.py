"""Print what `openbadges_bakery` reads out of a baked image. Runs in the validator's environment."""

import sys

from openbadges_bakery import unbake  # type: ignore[import-not-found]

with open(sys.argv[1], "rb") as image:  # noqa: PTH123
    content = unbake(image)
if content is None:
    sys.exit("nothing baked in")
sys.stdout.write(content.decode() if isinstance(content, bytes) else content)
