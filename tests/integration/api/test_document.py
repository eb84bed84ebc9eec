"""The document of the API and its page: whole, consistent, readable, without anything from elsewhere."""

import re
from typing import Any

from tests.builders.site import PASSWORD, Site
from tests.integration.api.conftest import API
from tests.integration.webui.conftest import Person


def document(site: Site) -> Any:
    return site.app.test_client().get(f"{API}/openapi.json").json


def operations(site: Site) -> list[tuple[str, str, Any]]:
    return [
        (path, method, said)
        for path, methods in document(site)["paths"].items()
        for method, said in methods.items()
        if method != "parameters"
    ]


def test_every_route_of_the_api_is_described_and_names_its_scopes(site: Site) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in site.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(API) and not rule.endpoint.endswith((".document", ".docs"))
    }

    told = operations(site)

    assert {(path, method) for path, method, _ in told} == routes and len(routes) > 40
    for path, _, said in told:
        assert said["summary"] and said["security"][0]["token"], path
        assert said["responses"]["default"], path
    assert len({said["operationId"] for _, _, said in told}) == len(told)


def test_every_write_takes_a_key_but_fetching_work(site: Site) -> None:
    keyed = {"$ref": "#/components/parameters/IdempotencyKey"}

    without = [
        path for path, method, said in operations(site) if method == "post" and keyed not in said.get("parameters", [])
    ]

    assert without == [f"{API}/work/fetch"]


def test_every_reference_leads_somewhere(site: Site) -> None:
    whole = document(site)
    references = set(re.findall(r'"\$ref": ?"#/([^"]+)"', site.app.test_client().get(f"{API}/openapi.json").text))

    for reference in references:
        found = whole
        for part in reference.split("/"):
            found = found[part]
        assert found
    assert whole["openapi"] == "3.1.0" and len(references) > 30


def test_the_page_shows_every_operation_in_both_frames_and_loads_nothing_from_elsewhere(site: Site) -> None:
    zhou = Person(site.app.test_client())
    zhou.post("/login", {"account": "zhou", "password": PASSWORD})

    chinese = zhou.get(f"{API}/docs", headers={"Accept-Language": "en"})  # a person has chosen their language
    english = site.app.test_client().get(f"{API}/docs", headers={"Accept-Language": "en"})

    assert "程序接口" in chinese.text and "Interface for programs" in english.text
    for page in (chinese, english):
        assert len(re.findall(r'<details class="card" id="', page.text)) == len(operations(site))
        assert not re.search(r'(src|href)="(https?:)?//', page.text)
        assert " style=" not in page.text and "onclick" not in page.text
        assert "script-src 'self';" in page.headers["Content-Security-Policy"]
        assert "curl -X POST $LETTERFLOW/api/v1/work/fetch" in page.text
