"""Words of the conversation without a screen."""

from __future__ import annotations

HELP_PAGE = """\
输入一个字母再按回车；直接按回车，就做最先列出的那一项。
r 运行。e 修改代码。h 提示。s 参考答案。f 填入参考答案。v 再检查。n 下一步。b 上一步。k 跳过。
g 恢复变量。x 重启运行环境。o 恢复原来的代码。w 换地方运行。l 课程。q 退出。ctrl+c 中断正在运行的代码；没有代码在运行时退出。
命令：/goto 步骤、/lesson 课程、/lang en、/runtime 名称、/explain、/doctor、/accounts、/restart empty、/answer …、/quit，以及每个字母对应的名字，例如 /run。
其他输入都当作代码：和课程的代码一起运行，不做检查。代码块以空行结束。
粘贴进来的报错会得到解释；单独输入 /explain 解释最近的报错。"""

WORDS: dict[str, str] = {
    "plain.welcome": "tutor 逐行模式。输入 ? 看帮助，/lang en 切换到英文（English）。",
    "plain.step": "第 {position} 步，共 {total} 步：{title}",
    "plain.hint_of": "第 {number} 条提示，共 {total} 条：",
    "plain.hint": "提示：",
    "plain.solution": "参考答案：",
    "plain.differs": "和你的代码有这些不同（- 你的，+ 参考答案）：",
    "plain.line_passed": "通过：{label}",
    "plain.line_not_yet": "还没通过：{label}",
    "plain.line_could_not_check": "这里无法检查：{label}",
    "plain.expected": "应为：{value}",
    "plain.seen": "实际：{value}",
    "plain.runs_on": "代码在这台电脑上运行：{device}。",
    "plain.code": "代码：",
    "plain.code_to_fix": "代码，由你来完成：",
    "plain.answer_choice": "输入选项的数字。",
    "plain.answer_several": "正确的不止一个。输入数字，用逗号隔开，例如 1, 3。",
    "plain.answer_number": "输入一个数字。{unit}",
    "plain.answer_text": "输入你的回答。",
    "plain.answer_tick": "完成下面各项，每完成一项就输入它的数字。",
    "plain.rest_of_error": "这是一段回溯：请粘贴其余部分，最后单独输入一行英文句点。",
    "plain.answer_paste": "粘贴到这里，最后单独输入一行英文句点。样子像这样：{example}",
    "plain.answer_form": "按回车开始填写。",
    "plain.answer_input": "程序在等你输入一行：",
    "plain.item_done": "{number}. 已完成：{item}",
    "plain.item_to_do": "{number}. 待完成：{item}",
    "plain.field": "{label}（例如 {example}）：",
    "plain.field_known": "{label}（直接回车保留 {value}）：",
    "plain.field_secret": "{label}（输入的内容不显示，也不保存）：",
    "plain.ways": "回车：{label}（{key}）。还可以：{others}。",
    "plain.ways_of_answering": "还可以：{others}。",
    "plain.between_ways": "、",
    "plain.more": "? 帮助",
    "plain.how_to_edit": "用行号修改，例如 3: x = 1。在第 3 行后面加一行：+3: y = 2。删掉第 3 行：-3。输入空行结束。",
    "plain.no_such_change": "没有改动任何一行：{order}",
    "plain.next_edit": "接下来：输入 {key} 修改代码，再输入 r 运行。",
    "plain.next_edit_line": "接下来：输入 {key} 修改代码（停在第 {line} 行），再输入 r 运行。",
    "plain.next_fill": "接下来：输入 {key} 填入参考答案，再输入 r 运行。",
    "plain.next_choose": "接下来：重新选择。",
    "plain.next_type": "接下来：重新回答。",
    "plain.next_paste": "接下来：重新粘贴。",
    "plain.next_lesson": "下一课是「{title}」。",
    "plain.not_here": "{name} 需要完整界面：启动 tutor 时不要加 --plain。",
    "plain.lesson": "{number}. {title}（{minutes} 分钟）：{state}",
    "plain.lesson_broken": "{number}. {title}：打不开。{message}",
    "plain.state_new": "还没开始",
    "plain.state_started": "{steps} 步中通过了 {passed} 步",
    "plain.state_done_here": "本机已完成，{steps} 步中通过了 {passed} 步",
    "plain.state_passed": "已通过",
    "plain.state_changed": "通过后课程有改动",
    "plain.which_lesson": "输入课程编号；直接按回车则不换课：",
    "plain.help_page": HELP_PAGE,
}
