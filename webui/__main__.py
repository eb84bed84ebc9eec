"""`python -m webui …` is `letterflow …`, also where the package is not installed."""

from webui.cli import main

main()
