"""What every answer tells the browser about safety: content policy, no sniffing, no framing, no keeping."""

from http import HTTPStatus

from flask import Flask, Response, g, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
KEPT = {"assets.send", "static"}
TWO_YEARS = "max-age=63072000; includeSubDomains"


def loosen(**directives: str) -> None:
    """Let this one page do more: `loosen(style_src_attr="'unsafe-inline'")` for the diagram editor."""
    g.policy = {name.replace("_", "-"): value for name, value in directives.items()}


def install(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer; HSTS only where the server is reached by https."""

    @app.after_request
    def protect(response: Response) -> Response:
        policy = POLICY | g.get("policy", {})
        response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
        response.headers.update(ALWAYS)
        if secure:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
        if request.endpoint not in KEPT or response.status_code >= HTTPStatus.BAD_REQUEST:
            response.headers["Cache-Control"] = "no-store"
        return response
