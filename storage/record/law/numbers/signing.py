"""Numbers of signing: how long what was laid before somebody waits for his signature."""

from datetime import date

from storage.record.law.parameters import Parameter

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="commitment_challenge",
        value=15,
        unit="minutes",
        article="电子签名法第十三条",
        in_force_from=date(2005, 4, 1),
        settled=False,
        note="法律未定期限；采用本项目的做法：签署页面打开后十五分钟内签署，逾期重新预览，以免签署时看到的内容已经过时。",
    ),
)
