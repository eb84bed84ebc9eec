"""The blueprint that the modules of this family hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("processes", __name__, url_prefix="/processes")
