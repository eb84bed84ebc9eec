"""The blueprint that the modules of the letters hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("letters", __name__, url_prefix="/letters")
