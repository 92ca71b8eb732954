"""PDF files made for the tests: odd pages, odd content, planted leaks."""

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

LINES = ("The quick brown fox", "jumps over the lazy dog", "Visible line of page")


def plain(pages: int = 2, size: tuple[float, float] = A4) -> bytes:
    """Make an ordinary document with three lines on each page."""
    made = BytesIO()
    drawing = canvas.Canvas(made, pagesize=size, invariant=True)
    for number in range(1, pages + 1):
        for row, line in enumerate(LINES):
            drawing.drawString(60, size[1] - 120 - 20 * row, f"{line} {number}")
        drawing.showPage()
    drawing.save()
    return made.getvalue()


def jpeg(comment: bytes = b"", author: str = "") -> bytes:
    """Make a small photograph with a comment and an author in its EXIF."""
    made = BytesIO()
    picture = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    exif = Image.Exif()
    if author:
        exif[0x013B] = author
    picture.save(made, "JPEG", comment=comment, exif=exif if author else b"")
    return made.getvalue()


def with_content(content: bytes, **entries: object) -> bytes:
    """Make a page of a font `/F1` with this content and these entries."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(content)
    for key, value in entries.items():
        page.obj[f"/{key}"] = value
    return saved(pdf)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """Give a document's bytes."""
    made = BytesIO()
    pdf.save(made, static_id=True, fix_metadata_version=False, **options)
    return made.getvalue()


def text(words: str, x: int = 60, y: int = 700, before: str = "") -> bytes:
    """Write words at a place, with operators before them."""
    return f"{before} BT /F1 12 Tf {x} {y} Td ({words}) Tj ET\n".encode()


def form_document() -> bytes:
    """Make a document with filled fields that have their looks, and others that have not."""
    made = BytesIO()
    drawing = canvas.Canvas(made, pagesize=A4, invariant=True)
    drawing.drawString(60, 760, "A form")
    drawing.acroForm.textfield(name="who", value="Alice", x=60, y=700, width=200, height=20)
    drawing.acroForm.checkbox(name="agree", checked=True, x=60, y=660)
    drawing.acroForm.choice(
        name="town", value="Kyoto", options=["Kyoto", "Osaka"], x=60, y=620, width=120, height=20
    )
    drawing.save()
    return made.getvalue()


def incremental(data: bytes, number: int, body: bytes) -> bytes:
    """Save an object into a file once more, as an editor does: the old one stays in the bytes."""
    before = int(data[data.rfind(b"startxref") + 9 :].split()[0])
    with pikepdf.open(BytesIO(data)) as pdf:
        root, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
        info = b"/Info %d 0 R" % pdf.trailer.Info.objgen[0] if "/Info" in pdf.trailer else b""
    place = len(data) + 1
    xref = place + len(body)
    return (
        data
        + b"\n"
        + body
        + b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
        + b"trailer\n<</Size %d /Root %d 0 R %s /Prev %d>>\n" % (size, root, info, before)
        + b"startxref\n%d\n%%%%EOF\n" % xref
    )


class Planter:
    """Hands out strings to hide, and remembers them."""

    def __init__(self) -> None:
        self.planted: list[str] = []

    def __call__(self, where: str) -> str:
        self.planted.append(f"LEAK-{where}-{len(self.planted):03}")
        return self.planted[-1]

    def string(self, where: str) -> String:
        """Give a string that PDF writes as UTF-16, since it has Japanese in it."""
        return String("機" + self(where))


def leaky() -> tuple[bytes, list[str]]:
    """Make a document with many hidden strings; give it and the strings."""
    leak = Planter()
    pdf = pikepdf.open(BytesIO(form_document()))
    page = pdf.pages[0]
    _plant_catalogue(pdf, leak)
    _plant_page(pdf, page, leak)
    _plant_annotations(pdf, page, leak)
    _plant_images(pdf, page, leak)
    _plant_structure(pdf, page, leak)
    field = pdf.Root.AcroForm.Fields[0]
    for key in ("/TU", "/TM", "/DV"):
        field[key] = leak.string("field")
    field.AA = Dictionary(K=Dictionary(S=Name.JavaScript, JS=leak.string("field-script")))
    pdf.Root.AcroForm.XFA = pdf.make_stream(leak("xfa").encode())
    pdf.trailer[Name("/ACME")] = leak.string("trailer")
    data = saved(pdf)
    for kind in ("old-revision", "newer-revision"):
        number = 9000 + len(leak.planted)
        body = b"%d 0 obj\n(%s)\nendobj\n" % (number, leak(kind).encode())
        data = incremental(data, number, body)
    return data + leak("behind").encode() + b"x" * 64, leak.planted


def _plant_catalogue(pdf: pikepdf.Pdf, leak: Planter) -> None:
    for key in ("/Author", "/Title", "/Company", "/Custom"):
        pdf.docinfo[key] = leak.string("info")
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>'
        f"{leak('xmp')}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.attachments[leak("attachment-name")] = pikepdf.AttachedFileSpec(
        pdf, leak("attachment").encode(), description=leak("attachment-text")
    )
    root = pdf.Root
    script = Dictionary(S=Name.JavaScript, JS=leak.string("script"))
    root.Names.JavaScript = Dictionary(Names=Array([String("a"), pdf.make_indirect(script)]))
    root.Names.Templates = Dictionary(Names=Array([leak.string("template")]))
    root.OpenAction = Dictionary(S=Name.JavaScript, JS=leak.string("open"))
    root.AA = Dictionary(WC=Dictionary(S=Name.JavaScript, JS=leak.string("close")))
    root.PieceInfo = Dictionary(App=Dictionary(Private=leak.string("piece")))
    root.Collection = Dictionary(Schema=Dictionary(A=Dictionary(N=leak.string("collection"))))
    root.Threads = Array([Dictionary(I=Dictionary(Author=leak.string("thread")))])
    root.SpiderInfo = Dictionary(C=Array([leak.string("spider")]))
    root[Name("/ACME_Private")] = leak.string("private-root")
    layer = pdf.make_indirect(
        Dictionary(
            Type=Name.OCG,
            Name=String("Layer"),
            Usage=Dictionary(CreatorInfo=Dictionary(Creator=leak.string("layer"))),
        )
    )
    root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(Creator=leak.string("layers"), Order=Array([layer]))
    )


def _plant_page(pdf: pikepdf.Pdf, page: pikepdf.Page, leak: Planter) -> None:
    page.obj.PieceInfo = Dictionary(App=Dictionary(Private=leak.string("page-piece")))
    page.obj.LastModified = String("D:20200101")
    page.obj.Metadata = pdf.make_stream(leak("page-xmp").encode(), Type=Name.Metadata)
    page.obj.Thumb = pdf.make_stream(
        leak("thumb").encode(), Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray
    )
    page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=leak.string("page-script")))
    page.obj[Name("/ACME")] = leak.string("private-page")
    page.obj.VP = Array([Dictionary(Name=leak.string("viewport"))])
    comment = f"% {leak('comment')}\n".encode()
    page.contents_add(pdf.make_stream(comment), prepend=True)
    form = pdf.make_stream(f"% {leak('form-comment')}\n0 0 5 5 re f".encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    form.PieceInfo = Dictionary(App=Dictionary(Private=leak.string("form-piece")))
    form[Name("/ACME")] = leak.string("private-form")
    unused = pdf.make_stream(leak("unused").encode())
    unused.Type, unused.Subtype, unused.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    if "/XObject" not in page.obj.Resources:
        page.obj.Resources.XObject = Dictionary()
    page.obj.Resources.XObject.F9 = form
    page.obj.Resources.XObject.U9 = unused
    page.contents_add(pdf.make_stream(b"q 1 0 0 1 300 300 cm /F9 Do Q"))


def _plant_annotations(pdf: pikepdf.Pdf, page: pikepdf.Page, leak: Planter) -> None:
    look = pdf.make_stream(b"1 0 0 RG 2 w 1 1 98 28 re S")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 30])
    spec = Dictionary(
        Type=Name.Filespec,
        F=String(leak("file-name")),
        EF=Dictionary(F=pdf.make_stream(leak("file").encode(), Type=Name.EmbeddedFile)),
    )
    local = String("file:///C:/Users/" + leak("file-link"))
    made = [
        Dictionary(Subtype=Name.Text, Contents=leak.string("note"), T=leak.string("note-author")),
        Dictionary(
            Subtype=Name.Square,
            Contents=leak.string("frame"),
            T=leak.string("frame-author"),
            Subj=leak.string("subject"),
            RC=leak.string("rich"),
            NM=leak.string("name"),
            AP=Dictionary(N=look),
        ),
        Dictionary(Subtype=Name.FileAttachment, FS=spec, Contents=leak.string("file-text")),
        Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=leak.string("launch"))),
        Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=local)),
        Dictionary(
            Subtype=Name.Link,
            T=leak.string("link-author"),
            A=Dictionary(S=Name.GoToR, F=leak.string("other-file"), D=Array([0, Name.Fit])),
        ),
        Dictionary(
            Subtype=Name.Link,
            Border=Array([0, 0, 0]),
            A=Dictionary(S=Name.URI, URI=String("https://example.jp/stays")),
        ),
        Dictionary(Subtype=Name.Sound, Contents=leak.string("sound")),
        Dictionary(Subtype=Name.Highlight, F=2, Contents=leak.string("hidden-annotation")),
    ]
    for number, one in enumerate(made):
        one.Type = Name.Annot
        one.Rect = Array([60, 500 - 40 * number, 160, 530 - 40 * number])
        page.obj.Annots.append(pdf.make_indirect(one))


def _plant_images(pdf: pikepdf.Pdf, page: pikepdf.Page, leak: Planter) -> None:
    photo = jpeg(leak("jpeg-comment").encode(), leak("exif"))
    image = pdf.make_stream(photo)
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
    image.Width = image.Height = 64
    image.BitsPerComponent, image.ColorSpace = 8, Name.DeviceRGB
    image.Metadata = pdf.make_stream(leak("image-xmp").encode(), Type=Name.Metadata)
    image.OPI = Dictionary({"/2.0": Dictionary(F=leak.string("opi"))})
    other = pdf.make_stream(leak("alternate").encode())
    image.Alternates = Array([Dictionary(Image=other)])
    image[Name("/ACME")] = leak.string("private-image")
    page.obj.Resources.XObject.I9 = image
    page.contents_add(pdf.make_stream(b"q 64 0 0 64 400 400 cm /I9 Do Q"))


def _plant_structure(pdf: pikepdf.Pdf, page: pikepdf.Page, leak: Planter) -> None:
    frame = page.obj.Annots[4]
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Figure,
            T=leak.string("title"),
            Alt=String("C:\\Users\\" + leak("alt-path")),
            A=Dictionary(
                O=Name.UserProperties, P=Array([Dictionary(N=String("a"), V=leak.string("user"))])
            ),
            K=Array([Dictionary(Type=Name.OBJR, Obj=frame)]),
        )
    )
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element))
    element.P = tree
    pdf.Root.StructTreeRoot = tree
    item = pdf.make_indirect(
        Dictionary(Title=String("Chapter"), A=Dictionary(S=Name.JavaScript, JS=leak.string("toc")))
    )
    outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))
    item.Parent = outlines
    pdf.Root.Outlines = outlines
