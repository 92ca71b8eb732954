"""Mails made for the tests, with the standard library's own writer and by hand."""

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

MARK = "【機密性2情報】"


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def mail(
    subject: str = "会議の資料",
    body: str = "本文です。\r\n",
    *,
    attached: tuple[tuple[str, bytes], ...] = (),
    html: str = "",
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "staff@meti.go.jp"
    message["To"] = "other@example.com"
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0900"
    message["Subject"] = subject
    message["Message-ID"] = "<1@meti.go.jp>"
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def japanese(codec: str, charset: str, subject: str, body: str) -> bytes:
    """Write a mail as old Japanese mailers do: 7 or 8 bit text in its own character set."""
    return (
        b"From: a@example.jp\r\nMessage-ID: <2@example.jp>\r\n"
        b"Subject: " + subject.encode(codec) + b"\r\n"
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n" + body.encode(codec)
    )  # fmt: skip
