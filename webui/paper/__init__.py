"""Letters on paper: words, typesetting, the page that tells a stranger whether a paper holds."""

from webui.family import Family
from webui.paper.pages import blueprint

FAMILY = Family(blueprint)
