"""The blueprint that the modules of the inbox hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
