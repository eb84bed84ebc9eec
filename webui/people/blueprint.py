"""The blueprint that the modules of this family hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("people", __name__, url_prefix="/people")
