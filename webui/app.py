"""Makes the web application: one place that puts engine, pages, languages, access and problems together."""

from datetime import timedelta
from typing import Any

from flask import Flask, g, render_template, session
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup

from engine.kernel.config import Config
from engine.workflow.engine import Engine
from webui import (
    access,
    addresses,
    api,
    assets,
    clock,
    dates,
    drawing,
    exports,
    headers,
    i18n,
    money,
    navigation,
    problems,
    tokens,
    viewers,
)
from webui.family import Rendered
from webui.pages import FAMILIES
from webui.viewer import Settings
from webui.words import remedy, told, word

MEGABYTE = 1024 * 1024
AROUND_A_FILE = MEGABYTE  # the rest of the form that carries it
FOUND_AT = "letterflow"


def create_app(engine: Engine, config: Config) -> Flask:
    """The application over this engine; cookies and bars follow the configuration."""
    app = Flask(__name__)
    app.extensions[FOUND_AT] = engine
    app.extensions[f"{FOUND_AT}.families"] = FAMILIES
    app.config.update(_settings(config))
    addresses.install(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(lambda: setattr(g, "now", engine.clock.now()))
    viewers.install(app, engine)
    access.install(app)
    csrf = CSRFProtect(app)
    for part in (i18n, problems, dates, money, drawing, exports, tokens):
        part.install(app)
    headers.install(app, secure=config.server.secure)
    app.register_blueprint(assets.blueprint)
    for family in FAMILIES:
        app.register_blueprint(family.blueprint)
    api.install(app, csrf, per_minute=config.server.api_per_minute)
    app.context_processor(lambda: _for_templates(engine))
    app.jinja_env.globals.update(render=render, asset=assets.asset, clock_bar=clock.bar)
    app.jinja_env.globals.update(word=word, told=told, remedy=remedy)
    return app


def render(part: Rendered) -> Markup:
    """A part that another family brings, inside a page."""
    return Markup(render_template(part.template, **part.context))  # noqa: S704  (a template escapes what it shows)


def _settings(config: Config) -> dict[str, Any]:
    secure = config.server.secure
    return {
        "SECRET_KEY": config.server.secret_key,
        "SESSION_COOKIE_NAME": "__Host-letterflow" if secure else "letterflow",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=7),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": config.files.max_megabytes * MEGABYTE + AROUND_A_FILE,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "WTF_CSRF_SSL_STRICT": secure,
        "DEMO": config.demo,
        "ADDRESS": config.server.address,
        "PROCESSES": config.processes,
        "BACKUPS": config.backups,
    }


def _for_templates(engine: Engine) -> dict[str, Any]:
    viewer = g.get("viewer")
    look = viewer.settings if viewer else Settings(theme=session.get("theme", "auto"))
    shell = navigation.Shell(FAMILIES, engine, viewer) if viewer else None
    return {"viewer": viewer, "look": look, "shell": shell, "asking": g.get("asking")}
