"""Who the invented people are and how they sign in; light, since `pithead phone` begins here and waits for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from storage.record.actor import Role

SYSTEM_LOGIN = "admin.system"
PASSWORD = "pithead-sample-2026"  # noqa: S105 # Known to everybody on purpose; production refuses these people.

BEFORE = timedelta(days=400)
"""How long before a development system is set up its keys begin to count and its sample people are on the register:
so far back the sandbox lets the clock of a call go, and what is done by that clock is to hold for who checks it."""


@dataclass(frozen=True, slots=True)
class SampleSignIn:
    """A sample person: how to sign in, and what he may, in Chinese and English."""

    login: str
    password: str
    name: str
    may: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePerson:
    """Who a sample person is: where he belongs, his roles with their one reach each, his certificate."""

    login: str
    name: str
    may: tuple[str, str]
    county: str | None = None
    office: str | None = None
    at_first_mine: bool = False
    roles: tuple[tuple[Role, dict[str, str]], ...] = ()
    certificate: str | None = None


ONE, TWO, THREE = "SAMPLE-1", "SAMPLE-2", "SAMPLE-3"
OFFICES = ((ONE, "监察执法一处（示例）"), (TWO, "监察执法二处（示例）"), (THREE, "监察执法三处（示例）"))
ADMINISTRATORS: tuple[tuple[Role, str, str, tuple[str, str]], ...] = (
    (Role.SYSTEM_ADMINISTRATOR, SYSTEM_LOGIN, "系统管理员（示例）",
     ("登记煤矿、开立账号", "register mines, open accounts")),
    (Role.SECURITY_ADMINISTRATOR, "admin.security", "安全管理员（示例）",
     ("授予角色、登记执法证件", "grant roles, issue certificates")),
    (Role.AUDIT_ADMINISTRATOR, "admin.audit", "审计管理员（示例）", ("查看账号", "read accounts")),
)  # fmt: skip
_INSPECTS = ("开启检查、录入证据（盘州市、一处）", "open inspections, declare evidence (Panzhou, office 1)")
PEOPLE: tuple[SamplePerson, ...] = (
    SamplePerson(
        login="lead.panzhou", name="周正（示例）", may=("带队" + _INSPECTS[0], "lead: " + _INSPECTS[1]),
        county="520281",
        roles=((Role.LEAD, {"division": "520281"}), (Role.LEAD, {"office": ONE})), certificate="SAMPLE-0001",
    ),
    SamplePerson(
        login="inspector.panzhou", name="陈实（示例）", may=_INSPECTS, county="520281",
        roles=((Role.INSPECTOR, {"division": "520281"}), (Role.INSPECTOR, {"office": ONE})), certificate="SAMPLE-0002",
    ),
    SamplePerson(
        login="lead.zhijin", name="罗明（示例）", may=("带队检查（织金县）", "lead inspections (Zhijin)"),
        county="520524", roles=((Role.LEAD, {"division": "520524"}),), certificate="SAMPLE-0003",
    ),
    SamplePerson(
        login="inspector.zhijin", name="杨清（示例）", may=("检查（织金县）", "inspect (Zhijin)"), county="520524",
        roles=((Role.INSPECTOR, {"division": "520524"}),), certificate="SAMPLE-0004",
    ),
    SamplePerson(
        login="reviewer.liupanshui", name="王衡（示例）", may=("法制审核（六盘水市）", "legal review (Liupanshui)"),
        county="5202", roles=((Role.LEGAL_REVIEWER, {"division": "5202"}),),
    ),
    SamplePerson(
        login="head.liupanshui", name="赵肃（示例）", may=("机关负责人（六盘水市）", "head of agency (Liupanshui)"),
        county="5202", roles=((Role.AGENCY_HEAD, {"division": "5202"}),),
    ),
    SamplePerson(
        login="deputy.liupanshui", name="钱平（示例）", may=("机关负责人（六盘水市）", "deputy head of agency"),
        county="5202", roles=((Role.AGENCY_HEAD, {"division": "5202"}),),
    ),
    SamplePerson(
        login="government.panzhou", name="李政（示例）",
        may=("政府主要负责人（盘州市）", "head of government (Panzhou)"), county="520281",
        roles=((Role.GOVERNMENT_HEAD, {"division": "520281"}),),
    ),
    SamplePerson(
        login="chair.liupanshui", name="郑听（示例）", may=("主持听证（六盘水市）", "chair hearings (Liupanshui)"),
        county="5202", roles=((Role.HEARING_CHAIR, {"division": "5202"}),),
    ),
    SamplePerson(
        login="archivist.liupanshui", name="卫存（示例）", may=("档案（六盘水市）", "archivist (Liupanshui)"),
        county="5202", roles=((Role.ARCHIVIST, {"division": "5202"}),),
    ),
    SamplePerson(
        login="duty.panzhou", name="吴守（示例）", may=("值班（盘州市）", "duty officer (Panzhou)"), county="520281",
        roles=((Role.DUTY_OFFICER, {"division": "520281"}),),
    ),
    SamplePerson(
        login="night.panzhou", name="钟夜（示例）", may=("值班（盘州市）", "duty officer (Panzhou)"), county="520281",
        roles=((Role.DUTY_OFFICER, {"division": "520281"}),),
    ),
    SamplePerson(
        login="duty.liupanshui", name="夏应（示例）", may=("值班（六盘水市）", "duty officer (Liupanshui)"),
        county="5202", roles=((Role.DUTY_OFFICER, {"division": "5202"}),),
    ),
    SamplePerson(
        login="head.guizhou", name="高省（示例）", may=("机关负责人（全省）", "head of agency (whole province)"),
        county="52", roles=((Role.AGENCY_HEAD, {"division": "52"}),),
    ),
    SamplePerson(
        login="duty.guizhou", name="唐候（示例）", may=("值班（全省）", "duty officer (whole province)"), county="52",
        roles=((Role.DUTY_OFFICER, {"division": "52"}),),
    ),
    SamplePerson(
        login="head.office", name="许监（示例）", may=("机关负责人（一处）", "head of agency (office 1)"), office=ONE,
        roles=((Role.AGENCY_HEAD, {"office": ONE}),),
    ),
    SamplePerson(
        login="duty.office", name="秦勤（示例）", may=("值班（一处）", "duty officer (office 1)"), office=ONE,
        roles=((Role.DUTY_OFFICER, {"office": ONE}),),
    ),
    SamplePerson(
        login="intake.panzhou", name="冯纳（示例）", may=("举报受理（盘州市）", "report intake (Panzhou)"),
        county="520281",
        roles=((Role.REPORT_INTAKE, {"division": "520281"}),),
    ),
    SamplePerson(
        login="verifier.panzhou", name="沈核（示例）", may=("举报核查（盘州市）", "report verification (Panzhou)"),
        county="520281", roles=((Role.REPORT_VERIFICATION, {"division": "520281"}),),
    ),
    SamplePerson(
        login="reward.liupanshui", name="韩奖（示例）", may=("举报奖励（六盘水市）", "report rewards (Liupanshui)"),
        county="5202", roles=((Role.REPORT_REWARD, {"division": "5202"}),),
    ),
    *(
        SamplePerson(
            login=f"custodian.{which}", name=name, may=("举报身份保管（六盘水市）", "keeps identities (Liupanshui)"),
            county="5202", roles=((Role.REPORT_CUSTODIAN, {"division": "5202"}),),
        )
        for which, name in (("one", "蒋甲（示例）"), ("two", "蒋乙（示例）"), ("three", "蒋丙（示例）"))
    ),
    SamplePerson(
        login="auditor.guizhou", name="孙鉴（示例）", may=("审计（全省）", "auditor (whole province)"), county="52",
        roles=((Role.AUDITOR, {"division": "52"}),),
    ),
    SamplePerson(
        login="reviewer.guizhou", name="宋条（示例）", may=("法制审核（全省）", "legal review (whole province)"),
        county="52", roles=((Role.LEGAL_REVIEWER, {"division": "52"}),),
    ),
    SamplePerson(
        login="clerk.songhewan", name="文书（示例）", may=("煤矿办事员", "clerk of a mine"), at_first_mine=True,
        roles=((Role.MINE_CLERK, {}),),
    ),
    SamplePerson(
        login="principal.songhewan", name="何矿（示例）", may=("煤矿主要负责人", "principal of a mine"),
        at_first_mine=True, roles=((Role.MINE_PRINCIPAL, {}),),
    ),
    SamplePerson(
        login="miner.songhewan", name="石安（示例）", may=("矿工", "miner"), at_first_mine=True,
        roles=((Role.MINER, {}),),
    ),
)  # fmt: skip

DUTIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("5202", "head.liupanshui", ("duty.liupanshui",)), ("52", "head.guizhou", ("duty.guizhou",)),
)  # fmt: skip
"""Who plans duty for the city and the province, and who has it: what climbs a level up from a county comes to them.
The county and the branch office plan their own, as the stories show."""

SAMPLE_SIGN_INS: tuple[SampleSignIn, ...] = tuple(
    SampleSignIn(login, PASSWORD, name, may)
    for login, name, may in (
        *((one.login, one.name, one.may) for one in PEOPLE),
        *((login, name, may) for _, login, name, may in ADMINISTRATORS),
    )
)
"""All sample people; the first two are the officers of the quick start, the lead first."""


def banner(url: str) -> Sequence[str]:
    """What `pithead run` tells a newcomer after the address: the sample sign-ins, and what to try next."""
    width = max(len(one.login) for one in SAMPLE_SIGN_INS)
    return (
        f"示例账号（密码均为 {PASSWORD}） Sample sign-ins, all with the password {PASSWORD}:",
        *(f"  {one.login:<{width}}  {one.may[0]} · {one.may[1]}" for one in SAMPLE_SIGN_INS),
        "举报台密钥的口令也是这一密码，pithead demo refusal 生成密钥"
        " · The pass-phrase of their keys for reports is the same; pithead demo refusal makes them",
        f"下一步 Try next: {url}/   ·   {url}/app/   ·   pithead phone photo FILE   ·   pithead demo commitment   ·   "
        "pithead demo disclosure   ·   "
        f"{url}/explorer",
    )
