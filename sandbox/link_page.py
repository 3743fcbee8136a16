"""Where a connection's `link_url` leads in the sandbox: one button in place of the platform's own sign-in."""

from html import escape

from sandbox.company import Company

_FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sandbox sign-in</title><style>
body{{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem 1rem}}</style><h1>{title}</h1><p>{text}</p>{form}</html>"""


def page(company: Company) -> bytes:
    """The sign-in page."""
    return _FRAME.format(
        title=escape(company.name),
        text=f"A stand-in for signing in to {escape(company.platform)}. State now: {escape(company.status)}.",
        form='<form method="post"><button>Sign in</button></form>',
    ).encode()


def signed_in_page(company: Company) -> bytes:
    """What is shown afterwards."""
    return _FRAME.format(title=escape(company.name), text="Signed in. You can close this page.", form="").encode()
