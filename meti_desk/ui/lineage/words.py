"""What the picture says in words: a level never shows by its colour alone."""

from meti_desk.services.messages import LineageNode
from meti_desk.ui.strings import label_line, tr

_CONFIDENTIAL = {1: "muted", 2: "primary", 3: "danger"}


def tone(node: LineageNode) -> str:
    """Give the role of the colour of a document."""
    if not node.known:
        return "muted"
    label = node.label
    level = label.c if label is not None and label.decided else None
    return _CONFIDENTIAL.get(level or 0, "warning")


def standing(node: LineageNode) -> str:
    """Say the label of a document, or that nothing is known of it here."""
    return label_line(node.label) if node.known else tr("記録にない文書")


def title_of(node: LineageNode) -> str:
    """Give the title; what is known by its id alone is named by it."""
    return node.title if node.known else tr("不明（{id}）", id=node.title or node.id[:12])


def column_head(level: int) -> str:
    """Name a generation."""
    if level == 0:
        return tr("この文書")
    if level < 0:
        return tr("元の文書") if level == -1 else tr("元の文書（{n}代前）", n=-level)
    return tr("作られた文書") if level == 1 else tr("作られた文書（{n}代後）", n=level)


def spoken(node: LineageNode) -> str:
    """Give all that the box shows as one line, for screen readers."""
    return "　".join((column_head(node.level), title_of(node), standing(node)))


def facts(node: LineageNode) -> list[tuple[str, str]]:
    """Give what is told of a chosen document: name and value."""
    told = [
        (tr("格付・取扱制限"), standing(node)),
        (tr("決めた人"), node.decided_by),
        (tr("渡した相手"), "\n".join(node.recipients)),
        (tr("場所"), node.path),
        (tr("文書番号"), node.id),
    ]
    return [(name, value) for name, value in told if value]
