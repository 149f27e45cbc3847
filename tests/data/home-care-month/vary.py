"""Writes posts.jsonl: the hand-written posts of hand/*.jsonl and, between them, routine posts built from parts.toml.

`python3 vary.py` writes the file; `python3 vary.py --check` fails when it is stale or breaks a rule of the data set.
The same input gives the same bytes on every machine: the draws come from SHA-256, not from a library's generator.
"""

import collections
import datetime
import hashlib
import json
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).parent
SEED = "home-care-month 1"
FIRST = datetime.date(2026, 10, 19)
LAST = datetime.date(2026, 11, 18)
HOLIDAY = datetime.date(2026, 11, 3)
WEEKDAYS = "月火水木金土日"
# How much further than the plan's minute a visit may be reported.
LATE_MINUTES = 11
# The duty had a call in these nights: nobody may write the morning after that it was quiet.
DISTURBED = {
    "kikuchi-staff": {"2026-10-21", "2026-11-13"},
    "saegusa-staff": {"2026-10-31"},
    "watanabe-staff": {"2026-10-28"},
    "rin-staff": {"2026-10-23"},
    "hamasaki-staff": {"2026-11-09", "2026-11-10"},
}
# These two write half-width katakana, as many do who learned on old terminals.
HALF_WIDTH = {
    "バイタル": "ﾊﾞｲﾀﾙ", "ベッド": "ﾍﾞｯﾄﾞ", "トイレ": "ﾄｲﾚ", "デイ": "ﾃﾞｲ", "ヘルパー": "ﾍﾙﾊﾟｰ", "サービス": "ｻｰﾋﾞｽ",
    "オムツ": "ｵﾑﾂ", "タオル": "ﾀｵﾙ", "ゼリー": "ｾﾞﾘｰ", "エアマット": "ｴｱﾏｯﾄ", "ポータブル": "ﾎﾟｰﾀﾌﾞﾙ", "コタロウ": "ｺﾀﾛｳ",
    "モニタリング": "ﾓﾆﾀﾘﾝｸﾞ", "マスク": "ﾏｽｸ",
}
# Who has reason to answer what.
ANSWERS = {
    "vitals": {"physician", "care_manager", "nurse"},
    "helper": {"nurse", "care_manager"},
    "day": {"nurse", "care_manager", "home_helper"},
    "rehab": {"nurse", "care_manager", "home_helper", "physician"},
    "meds": {"nurse", "physician", "home_helper"},
    "plan": {"nurse", "home_helper", "pharmacist", "physio", "occupational_therapist", "social_worker"},
    "morning": {"nurse", "home_helper", "care_manager", "physio", "occupational_therapist"},
    "evening": {"nurse"},
}
HALF_WIDTH_WRITERS = {"sasaki", "saito"}


class Draw:
    """A stream of draws that depends on its name alone."""

    def __init__(self, name):
        self.name = name
        self.count = 0

    def below(self, limit):
        self.count += 1
        digest = hashlib.sha256(f"{SEED}/{self.name}/{self.count}".encode()).digest()
        return int.from_bytes(digest[:8]) % limit

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def happens(self, percent):
        return self.below(100) < percent

    def one(self, items):
        return items[self.below(len(items))]


class Deck:
    """Deals every card once before any card comes again."""

    def __init__(self, cards, draw):
        self.cards, self.draw, self.left = list(cards), draw, []

    def deal(self, day=None):
        """The next card that is already true on this day; without a day, any card."""
        if not any(is_true(card, day) for card in self.left):
            self.left = list(self.cards)
        card = self.draw.one([c for c in self.left if is_true(c, day)])
        self.left.remove(card)
        return card


def is_true(card, day):
    return day is None or not card.startswith("[") or f"2026-{card[1:6]}" <= day.isoformat()


def bare(card):
    return card[8:] if card.startswith("[") else card


def load():
    world = tomllib.loads((HERE / "world.toml").read_text(encoding="utf-8"))
    parts = tomllib.loads((HERE / "parts.toml").read_text(encoding="utf-8"))
    hand = []
    for path in sorted((HERE / "hand").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            hand.append(json.loads(line))
    return world, parts, hand


def days():
    return [FIRST + datetime.timedelta(n) for n in range((LAST - FIRST).days + 1)]


def stamp(day, minutes):
    return f"{day.isoformat()}T{minutes // 60:02d}:{minutes % 60:02d}:00+09:00"


def minutes_of(text):
    return int(text[:2]) * 60 + int(text[3:5])


def is_open(part, day):
    """Whether routine life goes on in this room on this day."""
    text = day.isoformat()
    return part.get("from", "2026-10-19") <= text <= part.get("until", "2026-11-18") and text not in part.get("skip", [])


class Room:
    def __init__(self, key, members, parts, people, busy, written):
        self.key, self.members, self.people, self.busy, self.written = key, members, people, busy, written
        self.parts = parts
        self.part = parts["room"][key]
        self.draw = Draw(key)
        self.decks = {}
        self.posts = []
        self.day = FIRST

    def deal(self, name, cards):
        if name not in self.decks:
            self.decks[name] = Deck(cards, self.draw)
        return bare(self.decks[name].deal(self.day))

    def some(self, pool):
        return self.deal(pool, self.part[pool])

    def add(self, by, day, minutes, text, reply_to=None):
        if by in HALF_WIDTH_WRITERS:
            for full, half in HALF_WIDTH.items():
                text = text.replace(full, half)
        post = {"room": self.key, "by": by, "at": stamp(day, minutes), "text": text, "parent": reply_to}
        self.posts.append(post)
        return post

    def answer(self, post, kind, day, minutes, low, high):
        others = [m for m in self.members if m not in (post["by"], "nguyen") and self.people[m]["occupation"] in ANSWERS[kind]]
        if kind == "evening":
            others = [m for m in others if self.people[m].get("office") == "sarasa"]
        if others:
            self.add(self.draw.one(others), day, minutes + self.draw.between(low, high), self.deal("reply " + kind, self.parts["reply"][kind]), post)

    # ---- what each kind of visit leaves behind ----

    def signs(self, by):
        d = self.draw
        top, low, pulse, heat, air = self.part["vital"]
        top, low = top + d.between(-9, 9), low + d.between(-6, 6)
        pulse, heat, air = pulse + d.between(-6, 6), (heat + d.between(-3, 3)) / 10, min(air + d.between(-1, 1), 99)
        if self.part["vital"][0] == 0:
            return f"KT{heat} P{pulse} SpO2 {air}%" if by != "takanashi" else f"体温{heat}℃、脈{pulse}、SpO2 {air}％。"
        return {
            "mizukami": f"KT{heat} BP{top}/{low} P{pulse} SpO2 {air}%",
            "takanashi": f"体温{heat}℃、血圧{top}/{low}、脈{pulse}、SpO2 {air}％。",
            "yamasaki": f"・KT {heat}\n・BP {top}/{low}\n・P {pulse}　SpO2 {air}%",
            "sasaki": f"バイタル　BP{top}/{low}　P{pulse}　KT{heat}　SpO2 {air}",
            "matsuzaki": f"到着時：血圧{top}/{low}、脈{pulse}、体温{heat}℃。",
        }[by]

    def next_visit(self, by, day):
        for later in days():
            if later > day and later != HOLIDAY and is_open(self.part, later):
                if any(p[0] == by and WEEKDAYS[later.weekday()] in p[1] for p in self.part["plan"]):
                    return f"次回は{later.month}月{later.day}日（{WEEKDAYS[later.weekday()]}）です。"
        return ""

    def text(self, by, kind, day):
        d = self.draw
        opening = self.deal("open " + by, self.parts["who"][by]["open"])
        if kind == "vitals":
            seen = [self.some("seen") for _ in range(d.between(1, 3))]
            if d.happens(45):
                seen.append(self.some("talk"))
            if d.happens(30):
                seen.append(self.next_visit(by, day))
            seen = [s for s in seen if s]
            if by == "yamasaki":
                return "\n".join([opening, self.signs(by)] + ["・" + s for s in seen])
            if by == "takanashi":
                return opening + self.signs(by) + "\n" + "".join(seen)
            return opening + "\n" + self.signs(by) + "\n" + "".join(seen)
        if kind == "dayvitals":
            return opening + "\n" + self.signs(by) + "\n" + self.some("day") + self.some("day")
        if kind == "day":
            lines = [self.some("day") for _ in range(d.between(2, 3))]
            return opening + "".join(lines) + ("🍁" if d.happens(15) else "")
        if kind == "helper":
            lines = [self.some("care")]
            if d.happens(60):
                lines.append(self.some("care"))
            if by == "sasaki" and "vital" in self.part and d.happens(60):
                lines.insert(0, self.signs(by) + "\n")
            if by == "nakajima":
                menu = self.parts["menu"]
                dish = self.deal("main", menu["main"]) + "と" + self.deal("side", menu["side"])
                lines.insert(0, dish + self.deal("much", menu["much"]))
            if d.happens(65):
                lines.append(self.some("talk"))
            if d.happens(40):
                lines.append(self.deal("helper close", self.parts["texts"]["helper_close"]))
            separator = "\n" if by in ("sasaki", "onodera") and d.happens(55) else ""
            return opening + ("\n" if d.happens(50) else "") + separator.join(lines).replace("\n\n", "\n")
        if kind in ("kana", "sugar"):
            lines = [self.some("kana") for _ in range(d.between(1, 3))]
            if kind == "sugar":
                lines.insert(0, f"けっとう {d.between(118, 161)}です。" if d.happens(60) else f"けさの けっとうは {d.between(118, 161)}でした。")
            if d.happens(40):
                lines.append(self.deal("kana close", self.parts["texts"]["kana_close"]))
            return opening + "\n" + ("\n" if d.happens(35) else " ").join(lines)
        if kind in ("rehab", "ot"):
            lines = [self.some(kind) for _ in range(d.between(1, 2))]
            if d.happens(60):
                lines.append(self.some("talk"))
            return opening + ("\n・" + "\n・".join(lines) if d.happens(30) else "".join(lines))
        if kind == "meds":
            left = d.between(5, 13)
            drug = self.some("drugs")
            count = self.draw.one([f"{drug}、残り{left}日分。", f"{drug}は{left}日分あります。", f"{drug}を数えました（{left}日分）。"])
            remarks = [self.deal("meds", self.parts["texts"]["meds"]) for _ in range(d.between(1, 2))]
            return opening + ("\n" if d.happens(40) else "") + count + "".join(remarks)
        if kind == "plan":
            lines = [self.deal("plan", self.parts["texts"]["plan"]) for _ in range(d.between(1, 2))]
            # The holiday notice makes sense before the holiday only.
            lines = [line for line in lines if "祝日の3日" not in line or day < HOLIDAY]
            return opening + "".join(lines or [d.one(["今週も変更はありません。", "来週も同じ予定です。"])])
        if kind == "night":
            return d.one(["夜間データです。", "昨夜のNPPVの記録です。", "朝の便で夜間データを受け取りました。"]) + (
                f"\n装着 {d.between(6, 7)}時間{d.between(5, 55):02d}分／漏れ 平均{d.between(14, 21)}L/分／SpO2 90%未満 {d.between(6, 17) / 10}%\n"
            ) + d.one(["先週と変わりありません。", "警報は0回です。", "よく眠れていたようです。", "装着は21時台、1回で合っています。", "午前4時台に漏れが少し増えますが、範囲内です。"])
        if kind == "visit":
            return opening + self.some("seen") + (self.some("care") if d.happens(60) else "") + self.some("talk")
        raise ValueError(kind)

    def visits(self, day):
        letter = WEEKDAYS[day.weekday()]
        return [p for p in self.part["plan"] if letter in p[1]] if is_open(self.part, day) and day != HOLIDAY else []

    def new(self, write):
        """A text no room has had yet; short ones may come again, as they do in life."""
        text = write()
        while text in self.written and len(text) > 30:
            text = write()
        self.written.add(text)
        return text

    def told(self, by, day, minutes):
        """Whether a post by hand already tells this visit: the same author that day, or a colleague within two hours."""
        return any(
            who == by or (self.people[who]["occupation"] == self.people[by]["occupation"] and abs(at - minutes) <= 120)
            for who, at in self.busy.get((self.key, day.isoformat()), [])
        )

    def routine(self):
        for day in days():
            self.day = day
            for by, _, at, kind in self.visits(day):
                minutes = minutes_of(at) + self.draw.below(LATE_MINUTES)
                if self.told(by, day, minutes):
                    continue
                post = self.add(by, day, minutes, self.new(lambda: self.text(by, kind, day)))
                if self.draw.happens(27):
                    table = {"dayvitals": "day", "kana": "helper", "sugar": "vitals", "ot": "rehab", "night": "vitals", "visit": "vitals"}
                    self.answer(post, table.get(kind, kind), day, minutes, 3, 55)

    def handover_text(self, day, when):
        text = self.deal("handover " + when, self.parts["handover"][when])
        if self.draw.happens(40):
            text += self.deal("handover too " + when, self.parts["handover_too"][when])
        other = day if when == "morning" else day + datetime.timedelta(1)
        coming = []
        for who, _, at, kind in sorted(self.visits(other), key=lambda p: p[2]):
            if kind not in ("plan", "night", "meds"):
                coming.append(f"{int(at[:2])}時台 {self.people[who]['name'].split()[0]}")
        if coming and self.draw.happens(75):
            label = self.draw.one(["本日の訪問：", "今日は、", "きょうの予定は"] if when == "morning" else ["明日の訪問：", "明日は、", "あすの予定は"])
            text += "\n" + label + "、".join(coming) + "。"
        return text

    def handover(self, day, when):
        self.day = day
        nurses = [m for m in self.members if self.people[m].get("office") == "sarasa" and self.people[m]["occupation"] == "nurse"]
        by = self.draw.one(nurses)
        minutes = (8 * 60 + 28 if when == "morning" else 16 * 60 + 58) + self.draw.below(9)
        post = self.add(by, day, minutes, self.new(lambda: self.handover_text(day, when)))
        if self.draw.happens(55):
            self.answer(post, when, day, minutes, 1, 6)


def family_posts(key, part, members, people):
    """Short notes of relatives, and plain answers of the staff, on days when the story leaves room."""
    draw = Draw(key)
    decks = {w: Deck(part[w], draw) for w in members if w in part}
    answers = Deck(part["staff"], draw)
    staff = [m for m in members if people[m]["occupation"] in ("nurse", "occupational_therapist")]
    posts = []
    for deck in decks.values():
        deck.left = list(deck.cards)
    for day in days():
        for who in decks:
            if not is_open(part, day) or not draw.happens(50) or not any(is_true(c, day) for c in decks[who].left):
                continue
            card = decks[who].deal(day)
            text = bare(card)
            # 佳代 is at work on Tuesdays, Thursdays and Saturdays; 春江 goes to the day centre on Tuesdays.
            weekday = WEEKDAYS[day.weekday()]
            if (("私が仕事" in text or "行ってきます" in text) and weekday not in "火木土") or ("デイの日です" in text and weekday != "火"):
                decks[who].left.append(card)
                continue
            early = any(w in text for w in ("今朝", "行ってきます", "おはよう", "昨夜", "朝は", "朝です", "今日は私が", "デイの日です"))
            minutes = draw.between(7 * 60, 7 * 60 + 50) if early else draw.between(18 * 60 + 5, 20 * 60 + 40)
            post = {"room": key, "by": who, "at": stamp(day, minutes), "text": text, "parent": None}
            posts.append(post)
            if who not in part.get("unanswered", []) and draw.happens(62):
                posts.append({"room": key, "by": draw.one(staff), "at": stamp(day, minutes + draw.between(6, 75)), "text": answers.deal(), "parent": post})
    return posts


def build():
    world, parts, hand = load()
    people = {p["key"]: p for p in world["person"]}
    busy = collections.defaultdict(list)
    for p in hand:
        busy[(p["room"], p["at"][:10])].append((p["by"], minutes_of(p["at"][11:16])))
    made, rooms, written = [], [], {p["text"] for p in hand}
    for room in world["room"]:
        key = room["key"]
        if key in parts["room"]:
            rooms.append(Room(key, room["members"], parts, people, busy, written))
        elif key in parts["family"]:
            made += family_posts(key, parts["family"][key], room["members"], people)
    for room in rooms:
        room.routine()
    shift = Draw("shift change")
    for day in days():
        if day.weekday() >= 5 or day == HOLIDAY:
            continue
        for when in ("morning", "evening"):
            able = [r for r in rooms if is_open(r.part, day) and r.key != "mabuchi-staff"]
            if when == "morning":
                able = [r for r in able if day.isoformat() not in DISTURBED.get(r.key, ())]
            deck = Deck(able, shift)
            for _ in range(shift.between(4, 6)):
                deck.deal().handover(day, when)
    for room in rooms:
        made += room.posts
    made.sort(key=lambda p: (p["at"], p["room"], p["by"], p["text"]))
    numbers = collections.Counter()
    for post in made:
        numbers[post["room"]] += 1
        post["ref"] = f"v-{post['room']}-{numbers[post['room']]:03d}"
    for post in made:
        parent = post.pop("parent")
        if parent:
            post["reply_to"] = parent["ref"]
    everything = sorted(hand + made, key=lambda p: (p["at"], p["ref"]))
    order = ("room", "by", "at", "ref", "reply_to", "text")
    return "".join(json.dumps({k: p[k] for k in order if k in p}, ensure_ascii=False) + "\n" for p in everything)


def faults(text):
    """Every broken rule of the data set, in words."""
    world, _, hand = load()
    posts = [json.loads(line) for line in text.splitlines()]
    rooms = {r["key"]: r for r in world["room"]}
    people = {p["key"]: p for p in world["person"]}
    patients = {p["key"]: p for p in world["patient"]}
    offices = {o["key"] for o in world["office"]}
    found = []

    def must(holds, words):
        if not holds:
            found.append(words)

    for name in ("office", "person", "patient", "room"):
        keys = [x["key"] for x in world[name]]
        must(len(keys) == len(set(keys)), f"a key of {name} is used twice")
    must(len({p["email"] for p in people.values()}) == len(people), "an e-mail address is used twice")
    for p in people.values():
        must(p["kind"] != "staff" or p.get("office") in offices, f"{p['key']} works for no office")
        must(p["kind"] == "staff" or p.get("patient") in patients, f"{p['key']} belongs to no patient")
    for p in patients.values():
        must(p["office"] in offices, f"patient {p['key']} has no steward")
    demos = sorted(p["demo"] for p in people.values() if "demo" in p)
    must(demos == sorted(["physician", "visiting_nurse", "care_manager", "pharmacist", "office_admin", "secretariat", "daughter"]), "the seven demo sign-ins are not complete")
    staff = [p for p in people.values() if p["kind"] == "staff"]
    kinds = collections.Counter(r["kind"] for r in rooms.values())
    must(len(offices) >= 6 and len(people) >= 25 and len(staff) >= 19 and len(patients) >= 8, "too few offices, people or patients")
    must(kinds["timeline_staff"] >= 8 and kinds["timeline_with_recipient"] >= 2 and kinds["free_group"] >= 2 and kinds["connection"] >= 2, "too few rooms of a kind")
    must(any(p["kind"] == "patient" for p in people.values()), "no patient has an account")
    for r in rooms.values():
        must(set(r["members"]) <= set(people), f"{r['key']} has an unknown member")
        must(len(r["members"]) == len(set(r["members"])), f"{r['key']} names a member twice")
        outside = [m for m in r["members"] if m in people and people[m]["kind"] != "staff"]
        must(r["kind"] == "timeline_with_recipient" or not outside, f"{r['key']} is for staff and has {outside}")
        must(all(people[m]["patient"] == r.get("patient") for m in outside), f"{r['key']} has another patient's family")
        must(r["kind"] != "connection" or len(r["members"]) == 2, f"{r['key']} is not a pair")
        must(not r["kind"].startswith("timeline") or r.get("patient") in patients, f"{r['key']} has no patient")
        if r["kind"] == "timeline_with_recipient":
            must(any(people[m]["occupation"] == "physician" for m in r["members"]), f"{r['key']} has no physician")

    seen, last = {}, ""
    for p in posts:
        ref = p["ref"]
        must(set(p) <= {"room", "by", "at", "ref", "reply_to", "text"}, f"{ref} has a field nobody reads")
        must(ref not in seen, f"{ref} is used twice")
        must(p["room"] in rooms and p["by"] in rooms[p["room"]]["members"], f"{ref}: {p['by']} is not a member of {p['room']}")
        must(last <= p["at"], f"{ref} is out of order")
        must("2026-10-19" <= p["at"][:10] <= "2026-11-18" and p["at"].endswith("+09:00"), f"{ref} is outside the month")
        must(p["text"].strip() == p["text"] != "" and len(p["text"]) <= 4000, f"{ref} is empty, ragged or too long")
        if "reply_to" in p:
            must(p["reply_to"] in seen and seen[p["reply_to"]]["room"] == p["room"], f"{ref} answers nothing earlier in its room")
        seen[ref], last = p, p["at"]
    must(set(rooms) == {p["room"] for p in posts}, "a room is silent")
    must(len(hand) >= 400, f"only {len(hand)} posts by hand")
    must(len(posts) >= 1200, f"only {len(posts)} posts")
    long = [p["text"] for p in posts if 3000 <= len(p["text"]) <= 4000]
    must(len(long) >= 5 and len(long) == len(set(long)), "too few different long handovers")
    often = collections.Counter(p["text"] for p in posts if len(p["text"]) > 40).most_common(1)[0]
    must(often[1] == 1, f"a long text comes {often[1]} times: {often[0][:30]}")

    # A free group or a connection names no patient, neither in full nor by family name with さん.
    names = {n for p in patients.values() for n in (p["name"], p["name"].replace(" ", ""), p["name"].split()[0] + "さん")}
    for p in posts:
        if not rooms[p["room"]]["kind"].startswith("timeline"):
            must(not any(n in p["text"] for n in names), f"{p['ref']} names a patient outside a timeline")

    text_of_world = (HERE / "world.toml").read_text(encoding="utf-8") + "\n".join(p["text"] for p in posts)
    for sign in ("ﾊﾞｲﾀﾙ", "髙", "﨑", "邉", "齋", "𠮷", "😊", "\n"):
        must(sign in text_of_world if sign in "髙齋" else any(sign in p["text"] for p in posts), f"{sign!r} is missing")
    words = (HERE / "words.txt").read_text(encoding="utf-8").splitlines()
    must(len(words) == len(set(words)) == 200, f"words.txt has {len(words)} lines, {len(set(words))} different")
    for word in words:
        must(len(word.encode()) >= 9, f"{word} is too short to be sure of")
        must(word in text_of_world, f"{word} does not occur")
    return found


def main():
    text = build()
    path = HERE / "posts.jsonl"
    if "--check" not in sys.argv[1:]:
        path.write_text(text, encoding="utf-8", newline="\n")
        return 0
    found = faults(path.read_text(encoding="utf-8") if path.exists() else "")
    if not path.exists() or path.read_bytes() != text.encode():
        found.insert(0, "posts.jsonl is stale: run python3 vary.py")
    for words in found:
        print(words, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
