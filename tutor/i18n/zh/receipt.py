"""What is said about receipts."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "receipt.none": "这段文字里没有回执。",
    "receipt.none_hint": "回执是导出的笔记本最后一个单元格打印的那一行，以 TUTOR1 开头。请把所有单元格运行到底，保存笔记本后给出它的文件，或者复制那一行。",
    "receipt.cut": "这个回执不完整：后面缺了一截。",
    "receipt.cut_hint": "请把整行重新复制一遍。如果是终端截断的，请把笔记本或这一行存成文件，然后运行：{tutor} receipt FILE",
    "receipt.damaged": "这个回执已损坏：内容和打印出来时不一样。",
    "receipt.damaged_hint": "请重新复制那一行，要完整，也不要带别的内容；或者把笔记本的最后一个单元格再运行一次。",
    "receipt.large": "这个回执比 tutor 打印的任何回执都大，所以没有读取。",
    "receipt.large_hint": "请把笔记本的最后一个单元格再运行一次，复制它打印的那一行。",
    "receipt.version": "这个回执的版本，当前的 tutor 还不认识。",
    "receipt.version_hint": "请更新 tutor，或者用现在的 tutor 重新导出笔记本再运行一遍。",
    "receipt.unreadable": "{file} 无法读取：{error}。",
    "receipt.unreadable_hint": "请给出运行后保存的笔记本文件，或者写 - 再粘贴最后一行。",
    "receipt.too_large": "{file} 太大，没有在里面查找回执。",
    "receipt.too_large_hint": "请复制以 TUTOR1 开头的那一行，然后运行：{tutor} receipt -",
    "receipt.paste": "请粘贴以 TUTOR1 开头的那一行，再按两次回车。",
    "receipt.title": "{time} 的回执，来自：{place}",
    "receipt.at_its_word": "回执写什么，tutor 就信什么：伪造的回执骗到的只有你自己。",
    "receipt.no_lesson": "! {problem} 没有记录它的内容。",
    "receipt.no_steps": "那里还没有检查过任何步骤。",
    "receipt.recorded": "{step}：在那里通过了，已按回执记录。",
    "receipt.known": "{step}：你在这里已经通过了，保持不变。",
    "receipt.not_yet": "{step}：在那里还没通过，这里没有变化。",
    "receipt.could_not_check": "{step}：在那里也无法检查，这里没有变化。",
    "receipt.changed": "{step}：在那里通过的是另一个版本，和课程现在的内容不同，所以不算。请重新导出笔记本。",
    "receipt.gone": "{step}：这门课程没有这个步骤，没有记录。",
    "receipt.not_by_receipt": "{step}：这种步骤无法在笔记本里检查，没有记录。请在这里完成。",
    "receipt.progress": "    凭回执通过：{step}（{place}，{time}）",
}
