"""Numbers of disclosure and of information on request."""

from datetime import date

from storage.record.law.parameters import Parameter, Runs

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="penalty_published",
        value=7,
        unit="working days",
        article="安全生产法第七十八条",
        in_force_from=date(2021, 9, 1),
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="other_result_published",
        value=20,
        unit="working days",
        article="政府信息公开条例第二十六条",
        in_force_from=date(2019, 5, 15),
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="information_answer",
        value=20,
        unit="working days",
        article="政府信息公开条例第三十三条",
        in_force_from=date(2019, 5, 15),
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="information_answer_extension",
        value=20,
        unit="working days",
        article="政府信息公开条例第三十三条",
        in_force_from=date(2019, 5, 15),
        runs=Runs.AGENCY,
    ),
)
