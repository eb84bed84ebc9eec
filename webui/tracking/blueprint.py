"""The blueprint that the pages of tracking hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("tracking", __name__, url_prefix="/letters")
