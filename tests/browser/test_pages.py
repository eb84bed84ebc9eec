"""What a page weighs, whose words it speaks, and Chinese that is really seen; `test_every_page` holds the rest."""

import re

from tests.browser.conftest import Visit

CHINESE = re.compile(r"[\u4e00-\u9fff]")
INK = """() => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  pen.font = `60px ${getComputedStyle(document.body).fontFamily}`; pen.fillText("永", 2, 56);
  const pixels = pen.getImageData(0, 0, 64, 64).data;
  let dark = 0;
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 128) dark += 1;
  return dark / 4096;
}"""


def test_u12_an_english_page_has_no_chinese_but_names(visit: Visit) -> None:
    visitor = visit("admin")
    visitor.speak("en")

    page = visitor.open("/admin/calendar/2026")
    page.evaluate("document.querySelectorAll('.person, select, .clock').forEach(each => each.remove())")

    assert not CHINESE.search(page.locator("main").inner_text())


def test_u24_a_cold_inbox_is_light(visit: Visit) -> None:
    """U24: at most 80 kB compressed, and no bundle that the page does not use."""
    visitor = visit("zhou")
    visitor.page.context.clear_cookies()
    fresh = visit("zhou")
    fresh.requests.clear()
    fresh.open("/inbox").wait_for_load_state("networkidle")

    sizes = {each.url: each.sizes()["responseBodySize"] for each in fresh.requests if each.response()}

    assert sum(sizes.values()) <= 80_000, sizes
    assert not any("diagram" in url for url in sizes)


def test_u40_chinese_really_renders_and_no_request_leaves_the_host(visit: Visit) -> None:
    visitor = visit("zhou")

    page = visitor.open("/inbox")
    page.wait_for_load_state("networkidle")

    assert page.evaluate(INK) >= 0.05
    assert all(each.url.startswith((visitor.site.address, "data:")) for each in visitor.requests)
