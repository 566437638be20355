"""The sentences of the Problems of exams at inspections, each with its article, and of the defects of one."""

SENTENCES: dict[str, tuple[str, str]] = {
    "EXAM_CONFLICT": ("该编号已用于另一场考试。", "The id is taken by another exam."),
    "EXAM_ALREADY_DRAWN": (
        "本次检查的考试人员已经抽取，只抽一次（实施意见三（十二）4）。",
        "The people for the exam of this inspection were drawn before, and there is one draw (policy 三(十二)4).",
    ),
    "SEED_NOT_SHOWN": (
        "记载本次检查开始的检查点尚未公布，不能抽签；请稍后再试。",
        "No checkpoint is shown yet that holds the opening of this inspection, so there is nothing to draw by;"
        " come again soon.",
    ),
    "SITTING_CONFLICT": ("该编号已用于另一份答卷。", "The id is taken by another sitting."),
    "SEAT_ALREADY_ABSENT": (
        "该人员已登记缺考，原因不同。",
        "This person was recorded as absent before, for another reason.",
    ),
    "SEAT_ALREADY_SAT": ("该人员已经参加考试，不是缺考。", "This person has sat the exam, so he was not absent."),
    "QUESTION_APPROVED_ALREADY": ("该试题版本已经批准。", "This version of the question was approved already."),
    "QUESTION_RETIRED_ALREADY": ("该试题已经停用。", "This version of the question is no longer asked."),
    "QUESTION_NEEDS_TWO_PEOPLE": (
        "起草试题的人不能批准该试题。",
        "Whoever drafted a question cannot approve it.",
    ),
    "CONSEQUENCE_MET_ALREADY": ("该事项已经办结。", "This was met before; its end is recorded once."),
    "CONSEQUENCE_NEEDS_OTHER_HAND": (
        "{kind} 不能这样办结：补考以参加补考办结，取消任职资格由机关负责人确认（实施意见三（十二）4）。",
        "{kind} does not end so: a resit ends by sitting it, the loss of a qualification by the head of the agency"
        " (policy 三(十二)4).",
    ),
    "LOSS_RESTS_ON_DEFECT": (
        "补考存在瑕疵（{flags}），不能据以取消任职资格。",
        "The failed resit has a defect ({flags}), and nobody loses a qualification by it.",
    ),
    "LOSS_NEEDS_TWO_PEOPLE": (
        "登记补考成绩的人不能确认取消任职资格。",
        "Whoever recorded the failed resit cannot confirm that the qualification is lost.",
    ),
    "EXAM_MISSING": (
        "本次检查没有组织考试（实施意见三（十二）4：每次检查都抽取人员考试）。",
        "Nobody was examined at this inspection (policy 三(十二)4: at every inspection).",
    ),
    "EXAM_NOT_DRAWN": (
        "考试人员不是抽签产生（实施意见三（十二）4）。",
        "The people were not drawn by lot (policy 三(十二)4).",
    ),
    "EXAM_POOL_TOO_SMALL": (
        "该类人员登记人数不足（实施意见三（十二）4）。",
        "Too few people of this category stand in the register (policy 三(十二)4).",
    ),
    "EXAM_BANK_TOO_SMALL": (
        "该类人员的试题不足一份试卷。",
        "The bank has too few questions for a paper of this category.",
    ),
    "EXAM_SEAT_EMPTY": (
        "抽中的人员既未考试也未登记缺考（实施意见三（十二）4）。",
        "Somebody who was drawn neither sat nor was recorded as absent (policy 三(十二)4).",
    ),
    "EXAM_OUT_OF_TURN": (
        "递补人员参加了考试，排在前面的人员并未缺考。",
        "A reserve sat although nobody before him was absent.",
    ),
}
