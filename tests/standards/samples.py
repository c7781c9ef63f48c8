"""Awards to make documents of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from badges.standards.identity import hash_identity
from badges.vocab.achievement import Achievement, AchievementType, Alignment, Related
from badges.vocab.award import Award, Evidence, HashedEmail, Recipient
from badges.vocab.identifier import Identifier
from badges.vocab.image import Image
from badges.vocab.profile import Profile
from badges.vocab.result import Result, ResultDescription, RubricLevel
from badges.vocab.status import StatusPosition

HOST = "https://badges.example.org"
AWARD_ID = "7b1f0d5e-2f2a-4c39-9b8e-0a4b8a1f6c11"
SUBJECT_ID = "urn:uuid:0d9a3c5c-6f3b-4f6b-8a55-0a3f2b1c4d5e"
EMAIL = "sam@example.org"
SALT = "5f1c9a"

ISSUER = Profile(
    did="did:web:badges.example.org:organisations:north",
    ob2_url=f"{HOST}/ob2/issuers/north",
    slug="north",
    name="North Library",
    url="https://library.example.org",
    email="library@example.org",
    description="The knowledge service of the north.",
    image=Image(f"{HOST}/north.png", "A lighthouse"),
)
ACHIEVEMENT = Achievement(
    id=f"{HOST}/achievements/north/searcher/2",
    ob2_url=f"{HOST}/ob2/badge-classes/north/searcher/2",
    slug="searcher",
    version="2",
    name="Evidence Search Skills",
    description="Can turn a question into a search.",
    criteria="Attended a session.\n\n- and did *one* search",
    achievement_type=AchievementType.MICRO_CREDENTIAL,
    image=Image(f"{HOST}/achievements/north/searcher/2.png", "A magnifying glass"),
    tags=("search", "skills"),
    alignments=(
        Alignment(
            target_name="Literacies and learning",
            target_url="https://framework.example.org/literacies",
            target_framework="Skills base",
            target_code="L1",
            target_description="Finds and judges evidence.",
        ),
    ),
)


def make_award(
    *,
    email: str | None = EMAIL,
    evidence: tuple[Evidence, ...] = (),
    valid_until: datetime | None = None,
    achievement: Achievement = ACHIEVEMENT,
    issuer: Profile = ISSUER,
) -> Award:
    """An award with or without the parts that may be missing."""
    hashed = HashedEmail(hash_identity(email, SALT), SALT) if email else None
    return Award(
        id=AWARD_ID,
        credential_url=f"{HOST}/credentials/{AWARD_ID}",
        refresh_url=f"{HOST}/credentials/{AWARD_ID}/refresh",
        image_url=f"{HOST}/credentials/{AWARD_ID}.png",
        ob2_assertion_url=f"{HOST}/ob2/assertions/{AWARD_ID}",
        ob2_signed_id=f"urn:uuid:{AWARD_ID}",
        issuer=issuer,
        achievement=achievement,
        recipient=Recipient(SUBJECT_ID, hashed),
        awarded_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        valid_from=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        valid_until=valid_until,
        status=StatusPosition(f"{HOST}/status/3", 94567),
        evidence=evidence,
    )


FULL_AWARD = make_award(
    evidence=(
        Evidence(narrative="Asked the library about falls."),
        Evidence("Published as a story.", "https://stories.example.org/falls"),
    ),
    valid_until=datetime(2029, 11, 22, 9, 30, tzinfo=UTC),
)
RESULT_URL = f"{ACHIEVEMENT.id}#result-depth"
RICH_AWARD = replace(
    make_award(
        achievement=replace(
            ACHIEVEMENT,
            creator=Profile("https://campaign.example.org/", "", "", "The campaign", "https://campaign.example.org/"),
            related=(Related("https://badges.example.org/achievements/north/searcher/1", "1"),),
            other_identifiers=(Identifier("SEARCH-2"), Identifier("42", "ext:register")),
            result_descriptions=(
                ResultDescription(
                    RESULT_URL,
                    "Depth of the search",
                    "RubricCriterionLevel",
                    levels=(
                        RubricLevel(f"{RESULT_URL}-basic", "Basic", points="1"),
                        RubricLevel(f"{RESULT_URL}-deep", "Deep", "Several sources.", "2"),
                    ),
                ),
                ResultDescription(f"{ACHIEVEMENT.id}#result-mark", "Mark", "Percent", value_min="0", value_max="100"),
                ResultDescription(
                    f"{ACHIEVEMENT.id}#result-letter", "Letter", "LetterGrade", allowed_values=("A", "B")
                ),
            ),
        ),
        issuer=replace(
            ISSUER,
            parent=Profile("https://trust.example.org/", "", "", "The trust", "https://trust.example.org/"),
            other_identifiers=(Identifier("RX1", "ext:ods"),),
        ),
        evidence=(Evidence("Seen.", "https://stories.example.org/1", "A story", "Story", "Everybody"),),
    ),
    results=(
        Result(RESULT_URL, level_id=f"{RESULT_URL}-deep"),
        Result(f"{ACHIEVEMENT.id}#result-mark", value="87.5"),
        Result(f"{ACHIEVEMENT.id}#result-letter", status="Completed"),
    ),
    source=Profile("https://college.example.org/", "", "", "The college", "https://college.example.org/"),
)
PLAIN_AWARD = make_award(email=None)
AWARDS = {
    "full": FULL_AWARD,
    "rich": RICH_AWARD,
    "plain": PLAIN_AWARD,
    "email only": make_award(),
    "expiry only": make_award(email=None, valid_until=datetime(2027, 1, 1, tzinfo=UTC)),
    "evidence only": make_award(email=None, evidence=(Evidence("Seen by two people."),)),
}
