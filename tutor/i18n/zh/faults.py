"""What stands around the faults that `tutor explain` finds; cause and mend themselves are in `tutor/faults/rules.toml`."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "faults.line": "{code}，第 {line} 行：{quoted}",
    "faults.cause": "含义：{cause}",
    "faults.mend": "解决办法：",
    "faults.lesson": "在课程里学：tutor {lesson}",
    "faults.title": "这个报错是什么意思",
    "faults.title_unknown": "tutor 不认识这个报错",
    "faults.at": "第 {line} 行：{quoted}",
    "faults.also": "其中还有：",
    "faults.step": "课程里讲到它的步骤：{lesson}",
    "faults.doctor": "又是同一个报错。`/doctor` 会检查这台电脑：有什么，哪里有问题。",
    "faults.nothing_to_explain": "还没有出现过报错。可以把报错粘贴到输入框里。",
    "faults.unknown_here": "它不会乱猜。\n\n"
    "先看最后一行，那里写着错误的名字；最靠下的、属于你自己代码的那一行，就是该看的地方。"
    "用少量数据在 CPU 上运行一次，那里的报错更清楚。"
    "然后拿最后一行去项目的 issue 里搜索，去掉你自己的路径和名字。",
    "faults.paste": "粘贴报错，然后按 Enter，再按 Ctrl+D。",
    "faults.empty": "没有要解释的文字。",
    "faults.unknown": "tutor 不认识这个报错，也不乱猜。\n"
    "接下来可以：\n"
    "  先看回溯的最后一行：那里写着错误的名字。回溯里最靠下的、属于你自己代码的那一行，就是该看的地方。\n"
    "  用少量数据在 CPU 上运行一次：那里的报错更清楚。\n"
    "  拿最后一行去项目的 issue 里搜索，去掉你自己的路径和名字。\n"
    "向别人提问时请附上：从回溯第一行开始的完整文字，引起问题的几行代码，你本来期望的结果，\n"
    "以及这条命令的输出：\n"
    "      python -m torch.utils.collect_env\n"
    "发出去之前，去掉密码、令牌和私人路径。",
    "faults.no_file": "无法读取 {file}：{error}",
    "faults.cut": "文字太长：只看最后 {megabytes} MB。",
}
