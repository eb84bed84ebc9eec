"""The blueprint that the pages of scoring hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("scores", __name__, url_prefix="/letters")
