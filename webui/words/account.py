"""My settings: events, channels, refusals."""

from webui.i18n import lazy_gettext as _l

WORDS = {
    "event.tasks": _l("New tasks"),
    "event.deadlines": _l("Reminders and deadlines"),
    "event.copies": _l("Copies and mentions"),
    "event.targets": _l("Letters, warnings, orders"),
    "event.scores": _l("Scores"),
    "channel.mail": _l("Mail"),
    "channel.dingtalk": _l("DingTalk"),
    "channel.feishu": _l("Feishu"),
    "channel.webhook": _l("Webhook"),
    "wishes.quiet": _l("Quiet hours begin and end at different times"),
}
