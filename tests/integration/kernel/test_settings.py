"""Settings are rows: what one process writes, the next one reads."""

from engine.kernel import settings
from engine.kernel.work import Store


def test_the_later_value_of_a_setting_stands(store: Store) -> None:
    with store.start_work() as work:
        settings.write(work, "clock.offset", 1)
        settings.write(work, "clock.offset", {"seconds": 2})
        work.commit()

    with store.start_work(reading=True) as work:
        assert settings.read(work, "clock.offset") == {"seconds": 2}
        assert settings.read(work, "unknown", "default") == "default"
