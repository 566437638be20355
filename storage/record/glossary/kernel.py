"""The sentences of the kernel's own Problems, and of the errors that are no Problem."""

SENTENCES: dict[str, tuple[str, str]] = {
    "NOT_FOUND": ("没有找到，或者您看不到。", "There is nothing of that id that you may see."),
    "NOT_ALLOWED": ("您没有权限：{verb}。", "This is not yours to do: {verb}."),
    "UNAUTHENTICATED": ("请先登录。", "Sign in first."),
    "BAD_INPUT": ("输入有误：{field}，{reason}。", "The input is not right: {field}: {reason}."),
    "SHEET_UNREADABLE": ("表格无法读取：{reason}。", "The sheet cannot be read: {reason}."),
    "SHEET_TOO_LARGE": ("表格过大：一次最多 {most} {unit}。", "The sheet is too large: at most {most} {unit} at once."),
    "SHEET_COLUMN_MISSING": ("表格缺少“{column}”列。", "The sheet has no column {column}."),
    "SHEET_COLUMN_UNKNOWN": (
        "表头“{column}”无法识别或重复。",
        "The column {column} is unknown, or stands there twice.",
    ),
    "OPERATION_ID_REUSED": (
        "此操作编号已用于另一项内容，本次未作任何更改。",
        "This operation id came before with other content; nothing was changed.",
    ),
    "TRY_AGAIN": ("系统繁忙，本次未保存任何内容，请重试。", "Nothing was stored just now; please try again."),
    "TOO_BUSY": (
        "当前请求过多，请在 {seconds} 秒后重试。",
        "Too many are waiting; try again in {seconds} seconds.",
    ),
    "STORE_UNFIT": ("证据存储不符合要求：缺少 {lacks}。", "The evidence store is unfit: it lacks {lacks}."),
    "FONT_MISSING": (
        "文书字体未安装：{folder} 中没有 {families}。",
        "The fonts of papers are not installed: {folder} does not hold {families}.",
    ),
    "YEAR_NOT_PUBLISHED": (
        "{year} 年的节假日安排尚未公布，无法计算工作日；请法制机构录入后再办。",
        "The holidays of {year} are not yet published, so its working days cannot be counted.",
    ),
    "INTERNAL": ("服务器内部错误，事件编号 {incident}。", "Something went wrong here; incident {incident}."),
}
