"""The ranges of fines: the least and the most for a unit and for persons, by article."""

from collections.abc import Mapping
from datetime import date

from storage.record.law.parameters import Parameter

REGULATION = date(2024, 5, 1)
# Accident, least and most on the unit in yuan, and the share of the principal's income of the year before.
_ACCIDENTS = (
    ("ordinary", 500_000, 1_000_000, 40),
    ("larger", 1_500_000, 2_000_000, 60),
    ("major", 5_000_000, 10_000_000, 80),
    ("gravest", 10_000_000, 20_000_000, 100),
)

WITH_A_STOP: Mapping[str, str] = {
    "fine_major_hazard_unit": "煤矿安全生产条例第六十四条",
    "fine_listed_uncorrected_unit": "煤矿安全生产条例第六十三条",
}
"""Fines that the text gives only beside 责令停产整顿 (…，并处…), by their key, with the article."""
WITH_THE_PRINCIPAL: Mapping[str, str] = {"fine_major_hazard_unit": "fine_major_hazard_principal"}
"""Fines on a unit beside which the text fines its principal too, with the key of his."""


def _ends(key: str, least: int, most: int, unit: str, article: str, since: date, note: str) -> tuple[Parameter, ...]:
    tail = "_percent" if unit == "percent" else ""
    return tuple(
        Parameter(key=f"{key}_{end}{tail}", value=value, unit=unit, article=article, in_force_from=since, note=note)
        for end, value in (("least", least), ("most", most))
    )


def _range(key: str, least: int, most: int, article: str, since: date, *, note: str = "") -> tuple[Parameter, ...]:
    """A range that the text gives in yuan."""
    return _ends(key, least * 100, most * 100, "fen", article, since, note)


def _percent(key: str, least: int, most: int, article: str, since: date, *, note: str = "") -> tuple[Parameter, ...]:
    """A range in per cent of a sum: of gains, of an income."""
    return _ends(key, least, most, "percent", article, since, note)


def _of_accident(name: str, least: int, most: int, share: int) -> tuple[Parameter, ...]:
    """条例67, 68: on the unit, the double to fivefold of it where it is very grave, and on the principal."""
    unit, principal = "煤矿安全生产条例第六十七条", "煤矿安全生产条例第六十八条"
    grave = "情节特别严重、影响特别恶劣的，处上述罚款数额二倍以上五倍以下。"
    return (
        *_range(f"fine_accident_{name}_unit", least, most, unit, REGULATION, note="对发生事故负有责任的煤矿企业。"),
        *_range(f"fine_accident_{name}_grave_unit", least * 2, most * 5, unit, REGULATION, note=grave),
        *_percent(f"fine_accident_{name}_principal", share, share, principal, REGULATION,
                  note="处上一年年收入的百分比；年收入由罚款写明。"),
    )  # fmt: skip


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="fine_major_hazard_unit_least",
        value=50_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十四条",
        in_force_from=date(2024, 5, 1),
        note="责令停产整顿，明确内容和时限，并处。",
    ),
    Parameter(
        key="fine_major_hazard_unit_most",
        value=200_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十四条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_major_hazard_principal_least",
        value=3_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十四条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_major_hazard_principal_most",
        value=15_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十四条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_listed_least",
        value=10_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十三条",
        in_force_from=date(2024, 5, 1),
        note="责令限期改正，并处。",
    ),
    Parameter(
        key="fine_listed_most",
        value=20_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十三条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_listed_uncorrected_unit_least",
        value=20_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十三条",
        in_force_from=date(2024, 5, 1),
        note="逾期未改正的，责令停产整顿。",
    ),
    Parameter(
        key="fine_listed_uncorrected_unit_most",
        value=50_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十三条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_listed_uncorrected_person_least",
        value=3_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十三条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_listed_uncorrected_person_most",
        value=5_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十三条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_obstruction_unit_least",
        value=10_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十六条",
        in_force_from=date(2024, 5, 1),
        note="责令改正，拒不改正的。",
    ),
    Parameter(
        key="fine_obstruction_unit_most",
        value=20_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十六条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_obstruction_person_least",
        value=1_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十六条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_obstruction_person_most",
        value=2_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十六条",
        in_force_from=date(2024, 5, 1),
    ),
    Parameter(
        key="fine_safety_law_unit_least",
        value=0,
        unit="fen",
        article="安全生产法第九十七条、第一百零一条",
        in_force_from=date(2021, 9, 1),
        note="责令限期改正，处十万元以下的罚款。",
    ),
    Parameter(
        key="fine_safety_law_unit_most",
        value=10_000_000,
        unit="fen",
        article="安全生产法第九十七条、第一百零一条",
        in_force_from=date(2021, 9, 1),
    ),
    Parameter(
        key="fine_safety_law_uncorrected_unit_least",
        value=10_000_000,
        unit="fen",
        article="安全生产法第九十七条、第一百零一条",
        in_force_from=date(2021, 9, 1),
        note="逾期未改正的，责令停产停业整顿，并处。",
    ),
    Parameter(
        key="fine_safety_law_uncorrected_unit_most",
        value=20_000_000,
        unit="fen",
        article="安全生产法第九十七条、第一百零一条",
        in_force_from=date(2021, 9, 1),
    ),
    Parameter(
        key="fine_safety_law_uncorrected_person_least",
        value=2_000_000,
        unit="fen",
        article="安全生产法第九十七条、第一百零一条",
        in_force_from=date(2021, 9, 1),
    ),
    Parameter(
        key="fine_safety_law_uncorrected_person_most",
        value=5_000_000,
        unit="fen",
        article="安全生产法第九十七条、第一百零一条",
        in_force_from=date(2021, 9, 1),
    ),
    Parameter(
        key="fine_hazard_unit_least",
        value=0,
        unit="fen",
        article="安全生产法第一百零二条",
        in_force_from=date(2021, 9, 1),
        note="责令立即消除或者限期消除，处五万元以下的罚款。",
    ),
    Parameter(
        key="fine_hazard_unit_most",
        value=5_000_000,
        unit="fen",
        article="安全生产法第一百零二条",
        in_force_from=date(2021, 9, 1),
    ),
    Parameter(
        key="fine_hazard_uncorrected_person_least",
        value=5_000_000,
        unit="fen",
        article="安全生产法第一百零二条",
        in_force_from=date(2021, 9, 1),
        note="拒不执行的，责令停产停业整顿，对直接负责的主管人员和其他直接责任人员处。",
    ),
    Parameter(
        key="fine_hazard_uncorrected_person_most",
        value=10_000_000,
        unit="fen",
        article="安全生产法第一百零二条",
        in_force_from=date(2021, 9, 1),
    ),
    Parameter(
        key="fine_no_licence_least",
        value=10_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十一条",
        in_force_from=date(2024, 5, 1),
        note="没有违法所得或者不足十万元的；十万元以上的并处违法所得二倍以上五倍以下。",
    ),
    Parameter(
        key="fine_no_licence_most",
        value=20_000_000,
        unit="fen",
        article="煤矿安全生产条例第六十一条",
        in_force_from=date(2024, 5, 1),
    ),
    *_range(
        "fine_licence_expired",
        50_000,
        100_000,
        "安全生产许可证条例第二十条",
        date(2014, 7, 29),
        note="有效期满未办理延期手续，继续进行生产的。",
    ),
    *_range(
        "fine_licence_change",
        10_000,
        30_000,
        "煤矿企业安全生产许可证实施办法第四十二条",
        date(2016, 4, 1),
        note="未依法办理变更手续，责令限期办理，处。",
    ),
    *_percent(
        "fine_no_licence_gains",
        200,
        500,
        "煤矿安全生产条例第六十一条",
        REGULATION,
        note="违法所得十万元以上的，并处违法所得二倍以上五倍以下。",
    ),
    *(one for name, least, most, share in _ACCIDENTS for one in _of_accident(name, least, most, share)),
)
