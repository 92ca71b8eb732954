"""Mails, pages and RTF documents in which every hiding place holds a string of its own."""

import base64

from tests.formats.ooxml.planted import Planted, jpeg


def page(p: Planted, picture: str = "") -> bytes:
    """Make a page as Office and mail programs write it."""
    coded = base64.b64encode(jpeg((0xFE, p.leak().encode()), (0xE1, p.leak().encode()))).decode()
    return (
        f"<!DOCTYPE html><html><!-- {p.leak()} --><head><meta charset='utf-8'>"
        f"<title>{p.shown()}</title><meta name=Generator content='{p.leak()}'>"
        f"<meta name=author content=\"{p.leak('a>{}')}\"><link rel=File-List href='{p.leak()}.xml'>"
        f"<style><!-- /* {p.leak()} */ p {{margin:0}} --></style>"
        f"<!--[if gte mso 9]><xml><o:Author>{p.leak()}</o:Author></xml><![endif]--></head>"
        f"<body><p data-user='{p.leak()}' title='{p.shown()}'>{p.shown()}</p>"
        f"<div style='display:none'>{p.leak()}<div>{p.leak()}</div>{p.leak()}</div>"
        f"<span hidden>{p.leak()}</span><template><b>{p.leak()}</b></template>"
        f"<input type=hidden value='{p.leak()}'><xml><w>{p.leak()}</w></xml>"
        f"<a href='{p.leak('file:///C:/{}/a.docx')}' x-apple-data-detectors='{p.leak()}'>"
        f"{p.shown()}</a><a href='https://www.meti.go.jp/'>{p.shown()}</a>"
        f"<img width=1 height=1 src='https://track.example/{p.leak()}.gif'>"
        f"<img alt='{p.shown()}' src='data:image/jpeg;base64,{coded}'>{picture}"
        f"<![if !mso]>{p.shown()}<![endif]><?import {p.leak()}?></body></html><!-- {p.leak()} -->"
    ).encode()


def rtf(p: Planted) -> bytes:
    """Make an RTF document as Word writes it."""
    picture = jpeg((0xFE, p.leak().encode())).hex()
    path = p.leak("C:\\\\\\\\Users\\\\\\\\{}\\\\\\\\a.png")
    pib = p.leak("C:\\\\Users\\\\{}\\\\b.png")
    return (
        "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}{\\*\\revtbl{Unknown;}{" + p.leak() + ";}}"
        "{\\*\\rsidtbl\\rsid123\\rsid456}{\\*\\generator " + p.leak() + ";}"
        "{\\info{\\title " + p.leak() + "}{\\author " + p.leak() + "}{\\operator " + p.leak()
        + "}{\\*\\company " + p.leak() + "}}{\\*\\userprops{\\propname X}\\proptype30{\\staticval "
        + p.leak() + "}}{\\*\\docvar {v}{" + p.leak() + "}}{\\*\\template " + p.leak() + "}"
        "{\\*\\datastore " + p.leak().encode().hex() + "}{\\*\\unheardof " + p.leak() + "}"
        "\\pard\\insrsid123 " + p.shown() + "{\\v " + p.leak() + "}{\\b\\insrsid77 " + p.shown()
        + "}{\\deleted\\revauthdel1\\revdttmdel5 " + p.leak() + "}{\\revised\\revauth1 "
        + p.shown() + "}{\\*\\atnid " + p.leak() + "}{\\*\\atnauthor " + p.leak() + "}\\chatn"
        "{\\*\\annotation{\\*\\atndate 1}" + p.leak() + '}{\\field{\\*\\fldinst INCLUDEPICTURE "'
        + path + '"}{\\fldrslt ' + p.shown() + "}}{\\object\\objemb{\\*\\objclass Package}"
        "{\\*\\objdata " + p.leak().encode().hex() + "}{\\result {\\b " + p.shown() + "}}}"
        "{\\shp{\\*\\shpinst{\\sp{\\sn pibName}{\\sv " + pib + "}}{\\sp{\\sn wzName}{\\sv ok}}}}"
        "{\\pict\\jpegblip\\picw10\\pich10\n" + picture + "}\\par " + p.shown() + "}" + p.leak()
    ).encode()  # fmt: skip


def mail(p: Planted, attached: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """Make a mail that went a long way, with a page, a picture, a forwarded mail and files."""
    cid = p.leak("image001.png@{}")
    inner = (
        f"Received: from {p.leak()}\r\nFrom: b@example.jp\r\nTo: c@example.jp\r\nDate: Mon, 23 Nov "
        f"2026 10:00:00 +0900\r\nMessage-ID: <{p.leak()}@host>\r\nSubject: {p.shown()}\r\n"
        f"Content-Type: text/plain\r\n\r\n{p.shown()}\r\n"
    )

    def leak() -> str:
        return p.leak()

    head = (
        f"Return-Path: <{leak()}@x>\r\nReceived: from {leak()} (unknown [10.0.0.1])\r\n"
        f"\tby {leak()} with SMTP\r\nX-Originating-IP: {leak()}\r\nDKIM-Signature: v=1; d={leak()}"
        f"\r\nAuthentication-Results: {leak()}\r\nMessage-ID: <{leak()}@internal>\r\nReferences: "
        f"<{leak()}@internal>\r\nIn-Reply-To: <{leak()}@x>\r\nUser-Agent: {leak()}\r\n"
        f"X-Mailer: {leak()}\r\nThread-Index: {leak()}\r\nThread-Topic: {leak()}\r\n"
        f"Bcc: {leak()}@x\r\nReply-To: {leak()}@x\r\nList-Id: {leak()}\r\nSender: {leak()}@x\r\n"
        f"Resent-To: {leak()}@x\r\nX-Anything: {leak()}\r\nKeywords: {leak()}\r\n"
        f'From: "{p.shown()}" <a@example.jp> ({leak()})\r\nTo: {p.shown()}@example.jp\r\n'
        f"Date: Mon, 23 Nov 2026 10:00:00 +0900 ({leak()})\r\nSubject: {p.shown()}\r\n"
        f"X-METI-Label: C2;I1;A1\r\nX-METI-Id: {leak()}\r\nX-METI-Seal: {leak()}\r\n"
    )  # fmt: skip
    folder = p.leak("C:\\\\home\\\\{}\\\\")
    border = p.leak("Apple-Mail={}")
    parts = [
        f"Content-Type: text/plain; charset=utf-8; x-unix-mode={leak()}\r\n"
        f"X-Part: {leak()}\r\n\r\n"
        f"{p.shown()}\r\n".encode(),
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(page(p, f"<img alt='{p.shown()}' src='cid:{cid}'>")),
        (
            f'Content-Type: image/jpeg; name="{folder}a.jpg"\r\n'
            f'Content-Disposition: inline; filename=a.jpg; creation-date="{leak()}"\r\n'
            f"Content-Description: {leak()}\r\nContent-ID: <{cid}>\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n"
        ).encode()
        + base64.encodebytes(jpeg((0xFE, p.leak().encode()))) + f"=={leak()}\r\n".encode(),
        b"Content-Type: message/rfc822\r\n\r\n" + inner.encode(),
        *(_attached(name, data) for name, data in attached),
    ]  # fmt: skip
    body = b"".join(b"\r\n--" + border.encode() + b"\r\n" + one for one in parts)
    return (
        head.encode() + b"MIME-Version: 1.0\r\n"
        + f'Content-Type: multipart/mixed; boundary="{border}"\r\n\r\n{leak()}\r\n'.encode()
        + body + b"\r\n--" + border.encode() + f"--\r\n{leak()}\r\n".encode()
    )  # fmt: skip


def _attached(name: str, data: bytes) -> bytes:
    return (
        f"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'.encode()
        + base64.encodebytes(data)
    )
