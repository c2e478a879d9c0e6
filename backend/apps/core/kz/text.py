"""Two alphabets, one search and one order.

``kz_fold`` and ``kz_sort_key`` are the same functions that ``sql.py`` gives the database. They do
not rely on ``lower()`` of the server, which knows only ASCII under some locales: both sides work
from the tables below, so an index and a query always agree.
"""

import re
from itertools import product

# Upper case and its lower case, ASCII apart (every server lowers that alike).
_UPPER = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӘҒҚҢӨҰҮҺІ"
_LOWER = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі"

# Clerks type Kazakh names with Russian keys.
_KAZAKH = "ёәғқңөұүһі"
_RUSSIAN = "еагкноуухи"

# Neighbours' letters in surnames of Ukrainians, Uzbeks, Tajiks and Belarusians.
_FOREIGN_UPPER = "ЇЄҐЎҲҶӢӮ"
_FOREIGN_LOWER = "їєґўҳҷӣӯ"
_FOREIGN_PLAIN = "иегухчиу"

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"  # the 42 letters in their order
# 42 neighbouring code points, so that plain byte order is the order of the alphabet.
_ORDER = "".join(chr(ord("а") + i) for i in range(42))

_to_fold = dict(zip(_KAZAKH + _FOREIGN_LOWER, _RUSSIAN + _FOREIGN_PLAIN, strict=True))
_lower = dict(zip(_UPPER + _FOREIGN_UPPER, _LOWER + _FOREIGN_LOWER, strict=True))
_order = dict(zip(ALPHABET, _ORDER, strict=True))

_fold = {c: _to_fold.get(low, low) for c, low in _lower.items()} | _to_fold


def _place(letter: str) -> str:
    """A neighbour's letter stands where the letter it resembles does."""
    return _order.get(letter) or _order[_to_fold[letter]]


_sort = {c: _place(c) for c in ALPHABET + _FOREIGN_LOWER}  # the frequent first: SQL walks it
_sort |= {c: _place(low) for c, low in _lower.items()}

# What SQL's translate() takes: from, to.
FOLD_TABLE = ("".join(_fold), "".join(_fold.values()))
SORT_TABLE = ("".join(_sort), "".join(_sort.values()))

_ascii_lower = {chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)}
_fold_map = str.maketrans(_ascii_lower | _fold)
_sort_map = str.maketrans(_ascii_lower | _sort)


def kz_fold(text: str) -> str:
    """Lower case, ё→е, Kazakh letters to the Russian keys people type instead of them."""
    return text.translate(_fold_map)


def kz_sort_key(text: str) -> str:
    """A key whose plain order is the order of the Kazakh alphabet, Russian letters included."""
    return text.translate(_sort_map)


def search_variants(text: str) -> list[str]:
    """Every folded spelling to look for: the query itself and, for a Latin one, Cyrillic ones."""
    folded = kz_fold(text)
    return list(dict.fromkeys([folded, *latin_to_cyrillic(folded)]))


# Longest first. Several answers where one Latin spelling stands for several Cyrillic ones, the
# likelier first; all of them already folded (Kazakh ғ is г here).
_LATIN: dict[str, tuple[str, ...]] = {
    "shch": ("щ",),
    "iya": ("ия",), "iyu": ("ию",),
    "sch": ("щ", "ш"), "kh": ("х",), "gh": ("г",), "zh": ("ж",), "ch": ("ч",), "sh": ("ш",),
    "ts": ("ц", "тс"), "tz": ("ц",), "ck": ("к",), "ph": ("ф",), "dj": ("дж", "ж"), "dzh": ("дж",),
    "ya": ("я",), "ja": ("жа", "я"), "ia": ("ия", "я", "иа"),
    "yu": ("ю",), "ju": ("жу", "ю"), "iu": ("ю", "иу"),
    "yo": ("е",), "jo": ("жо", "е"), "io": ("ио", "е"),
    "ye": ("е",), "je": ("же", "е"),
    "a": ("а",), "b": ("б",), "c": ("к", "ц"), "d": ("д",), "e": ("е",), "f": ("ф",), "g": ("г",),
    "h": ("х",), "i": ("и",), "j": ("ж", "дж", "й"), "k": ("к",), "l": ("л",), "m": ("м",),
    "n": ("н",), "o": ("о",), "p": ("п",), "q": ("к",), "r": ("р",), "s": ("с",), "t": ("т",),
    "u": ("у",), "v": ("в",), "w": ("у", "в"), "x": ("кс", "х"), "y": ("ы", "и"), "z": ("з",),
    "'": ("ь", ""), "’": ("ь", ""),
    # the Latin alphabet of Kazakh
    "ä": ("а",), "á": ("а",), "ğ": ("г",), "ǵ": ("г",), "ı": ("ы", "и"), "ñ": ("н",), "ń": ("н",),
    "ö": ("о",), "ó": ("о",), "ş": ("ш",), "ü": ("у",), "ū": ("у",), "ú": ("у",), "ý": ("у",),
    "Ä": ("а",), "Ğ": ("г",), "İ": ("и",), "Ñ": ("н",), "Ö": ("о",), "Ş": ("ш",), "Ü": ("у",),
    "Ū": ("у",),
}  # fmt: skip
_VOWELS = "aeiouyäöüūı"
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_TOKEN = re.compile(
    rf"(?P<short>(?<=[{_VOWELS}])[iy](?![aeou]))"  # Kairat: й, but Saida: и
    rf"|(?P<yot>(?<=[{_CONSONANTS}])y[aeou])"  # Tatyana: ья, but Ilyas: я
    r"|(?P<soft>l(?=[bdgknmst]|$))"  # Olga
    r"|(?P<ending>(?:iy|yi|ii|yy|y)$)"  # Dmitriy
    r"|(?P<er>er$)"  # Alexander, Peter
    r"|(?P<open>^e)"  # Elmira, Erlan
    rf"|(?P<plain>{'|'.join(sorted(_LATIN, key=len, reverse=True))})"
)
_YOT = {"a": "я", "e": "е", "o": "е", "u": "ю"}
_MOST = 12  # variants; more would cost the search more than it finds


def latin_to_cyrillic(text: str) -> list[str]:
    """Folded Cyrillic spellings of a name typed in Latin, the likeliest first; none without Latin.

    ``Akhmetov`` and ``Ahmetov`` both give ``ахметов``. It guesses for searching and is not a
    transliteration for documents: there the spelling of the passport counts.
    """
    folded = kz_fold(text)
    if not _TOKEN.search(folded):
        return []
    choices = [choice for word in re.split(r"(\W+)", folded) for choice in _choices(word)]
    return list(dict.fromkeys("".join(letters) for letters in _likeliest(choices)))


def _choices(word: str) -> list[tuple[str, ...]]:
    """For each piece of a word its possible spellings."""
    found: list[tuple[str, ...]] = []
    at = 0
    while at < len(word):
        match = _TOKEN.match(word, at)
        if match is None:
            found.append((word[at],))
            at += 1
            continue
        found.append(_spellings(match.lastgroup, match.group()))
        at = match.end()
    return found


def _spellings(kind: str | None, latin: str) -> tuple[str, ...]:
    match kind:
        case "short":
            return ("й", "и")
        case "yot":
            return (_YOT[latin[1]], "ь" + _YOT[latin[1]])
        case "soft":
            return ("л", "ль")
        case "ending":
            return ("и", "ы") if latin == "y" else ("ий",)
        case "er":
            return ("ер", "р")
        case "open":
            return ("е", "э")
    return _LATIN[latin]


def _likeliest(choices: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Combinations that stray least from the likeliest, the plain one first.

    Only the first six doubtful places are varied: twelve answers cannot use more.
    """
    doubtful = [i for i, c in enumerate(choices) if len(c) > 1][:6]
    ranked = sorted(product(*(range(len(choices[i])) for i in doubtful)), key=sum)
    answers = []
    for picks in ranked[:_MOST]:
        chosen = dict(zip(doubtful, picks, strict=True))
        answers.append(tuple(c[chosen.get(i, 0)] for i, c in enumerate(choices)))
    return answers
