"""Labels of other products in OOXML, read and written beside ours.

Microsoft's label stands in one of two places; the document tells which one counts for a tenant
([MS-OFFCRYPTO] 2.6.3). LibreOffice's (TSCP) is among the custom properties. NATO's are only read.
"""

from meti_desk.formats.base import ForeignLabel, LabelOrder, own_properties
from meti_desk.formats.foreign import is_on, msip_of, of_properties, superseded, tenant_of
from meti_desk.formats.ooxml import label_info, nato_labels
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.properties import custom_part, read_custom, write_properties


def foreign_of(package: Package) -> tuple[ForeignLabel, ...]:
    """Read the labels of other products.

    Of a tenant that `LabelInfo.xml` names, the custom properties say nothing any more. Raises
    `document.damaged` where a part cannot be read.
    """
    newer = label_info.tenants(package)
    place = custom_part(package) or ""
    older = of_properties(read_custom(package), place)
    counting = [one for one in older if one.scheme != "msip" or one.owner not in newer]
    return (*label_info.labels(package), *counting, *nato_labels.labels(package))


def write_labels(package: Package, order: LabelOrder) -> None:
    """Write our properties and the labels of other products that the order has.

    Raises `InvalidInput`: `label.foreign-key`, `label.text-not-storable`, as `write_properties`.
    """
    held = read_custom(package)
    custom, newer = _placed(package, order)
    gone = superseded(held, order.foreign)
    write_properties(package, order.properties, custom, gone)
    for guid, values in newer.items():
        label_info.write(package, guid, values)


def _placed(
    package: Package, order: LabelOrder
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Split the order by place: custom properties, and GUID -> values for `LabelInfo.xml`."""
    counts = label_info.tenants(package)
    newer = {
        guid: values
        for guid, values in msip_of(order.foreign).items()
        if tenant_of(values) in counts
    }
    custom = {
        name: v for name, v in order.foreign.items() if not set(msip_of({name: v})) & {*newer}
    }
    return custom, newer


def written(package: Package, order: LabelOrder) -> bool:
    """Tell whether a document says of labels what was ordered, ours and others'."""
    held = read_custom(package)
    if own_properties(held) != order.properties:
        return False
    custom, newer = _placed(package, order)
    if {name: held[name] for name in superseded(held, order.foreign)} != custom:
        return False
    told = {(one.id, one.owner) for one in label_info.labels(package)}
    return all(
        ((guid, tenant_of(values)) in told) == is_on(values) for guid, values in newer.items()
    )


def parts_of(package: Package) -> set[str]:
    """Name the parts that writing labels may change."""
    return {part for part in (custom_part(package), label_info.label_part(package)) if part}
