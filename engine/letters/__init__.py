"""The life of target letters (目标责任书): drafting, tracking, warning, adjusting, scoring."""
