"""What Schemathesis cannot know by itself: how a picture is made."""

import schemathesis
from hypothesis import strategies as st

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

schemathesis.openapi.media_type("image/*", st.just(PNG) | st.binary(max_size=256))
