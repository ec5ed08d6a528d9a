"""What HTTP faces share: health, security headers, browser sessions, CSRF, error pages, client IP."""
