import random
import pytest
from apps.stores.tests.importing.test_mutations import attempt, change, RICH, SLUGS
from apps.stores.tests.importing.documents import corner, demo
pytestmark = pytest.mark.django_db
def test_it():
    bad = []
    for seed in range(50_000, 51_500):
        rng = random.Random(seed)
        doc = change(corner(**RICH), rng, rng.randint(1, 3)) if seed % 4 else change(demo(rng.choice(SLUGS)), rng, rng.randint(1, 3))
        try:
            attempt(doc)
        except Exception as e:
            bad.append((seed, repr(e)[:300]))
            if len(bad) > 5: break
    assert not bad, bad
