"""The blueprint that the groups of settings hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("account", __name__, url_prefix="/account")
