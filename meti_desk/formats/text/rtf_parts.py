"""Which parts of an RTF document tell what its reader does not see, by the names of the format."""

import re

from meti_desk.formats.text import kinds

GONE: dict[str, str] = {
    **dict.fromkeys(("info", "generator", "company", "windowcaption"), kinds.RTF_PROPERTY),
    "userprops": kinds.RTF_CUSTOM,
    **dict.fromkeys(
        (
            *("annotation", "atnid", "atnauthor", "atntime", "atndate", "atnref", "atnparent"),
            *("atrfstart", "atrfend", "atnicn", "comment"),
        ),
        kinds.RTF_COMMENT,
    ),
    **dict.fromkeys(("revtbl", "protusertbl"), kinds.RTF_PEOPLE),
    **dict.fromkeys(
        (
            *("oldcprops", "oldpprops", "oldtprops", "oldsprops", "mvfmf", "mvfml", "mvtof"),
            "mvtol",
        ),
        kinds.RTF_REVISION,
    ),
    **dict.fromkeys(("template", "filetbl", "nextfile", "hlinkbase"), kinds.RTF_PATH),
    "docvar": kinds.RTF_VARIABLE,
    "mailmerge": kinds.RTF_CONNECTION,
    **dict.fromkeys(
        (
            *("datastore", "themedata", "xmlnstbl", "xmlopen", "xmlclose", "xmlattr", "datafield"),
            *("xmlname", "factoidname", "blipuid", "fontemb", "htmltag", "mhtmltag"),
        ),
        kinds.RTF_OFFICE,
    ),
    "rsidtbl": kinds.RTF_RSID,
    **dict.fromkeys(
        ("password", "passwordhash", "writereservation", "writereservhash"), kinds.RTF_PROTECTION
    ),
}
"""Groups that go as a whole, with what is in them."""

INDEX = frozenset({"xe", "tc", "tcn", "rxe", "txe"})
"""Groups whose words a reader sees elsewhere, or not at all."""

KNOWN = re.compile(
    r"cs|ds|ts|tsrowd|list(?:table|picture|overridetable|name|stylename)|pn\w*|bkmk(?:start|end)"
    r"|shp(?:inst|pict|txt)|ff\w+|formfield|latentstyles|colorschememapping|panose|falt|fname"
    r"|pgptbl|pgp|background|picprop|mmathPr|m[A-Z]\w*|mr|ud|nesttableprops|keycode|hsv"
    r"|expandedcolortbl|def(?:chp|pap|shp)|wgrffmtfilter|do|lchars|fchars|levelmarker|gridtbl"
    r"|ebc(?:start|end)|a?ftn\w+|fldinst|result|objclass|objname|objdata|objalias|objsect|revtbl"
    r"|hl\w*|svb|footnote|cb|ud|fldtype|fldrslt|docvar|pnseclvl|tblstyle\w*|line\w+"
)
"""Groups that begin with `\\*` and are part of how a document looks; others go."""

RSID = re.compile(r"(?:ins|char|para|sect|sty|del|tbl)?rsid(?:root)?")
REVISION = frozenset(
    {
        *("revised", "deleted", "revauth", "revdttm", "revauthdel", "revdttmdel", "crauth"),
        *("crdate", "revprop", "revisions", "trauth", "trdate", "srauth", "srdate", "prauth"),
        *("prdate", "mvf", "mvt", "mvauth", "mvdate", "pnrauth", "pnrdate", "pnrnot", "pnrxst"),
        *("pnrrgb", "pnrpnbr", "pnrnfc", "pnrstart", "pnrstop", "dfrauth", "dfrdate", "dfrxst"),
        *("dfrstart", "dfrstop"),
    }
)
"""Words of 変更履歴; what they stand before is accepted, `deleted` and `mvf` is taken out."""

TELLING_FIELD = re.compile(
    rb"(?:^|[\s{}])(?:INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|FILENAME|TEMPLATE"
    rb"|AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|DOCPROPERTY|DOCVARIABLE|COMMENTS|INFO"
    rb"|SUBJECT|KEYWORDS|TITLE|DATABASE|RD|EDITTIME|REVNUM|CREATEDATE|SAVEDATE|PRINTDATE"
    rb"|MACROBUTTON|ASK|SET|PRINT|PRIVATE)(?:[\s\\{}]|$)",
    re.IGNORECASE,
)
PATH = re.compile(
    rb"file:|(?<![a-zA-Z])[a-zA-Z]:(?:\\\\|/(?!/))|(?<!\\)\\{4,}[\w.-]+\\\\"
    rb"|(?<![\w/.])/(?:home|Users)/\w",
    re.IGNORECASE,
)
OFFICE_PROPERTIES = frozenset({"metroBlob", "pibName", "pictureId", "wzSigSetupId"})
BREAKS = frozenset(
    {
        *("par", "line", "page", "tab", "emdash", "endash", "bullet", "lquote", "rquote"),
        *("ldblquote", "rdblquote", "u", "softline", "emspace", "enspace", "qmspace", "column"),
        *("chftn", "chpgn", "chdate", "chtime", "sectnum"),
    }
)
"""Words that stand for a character."""
