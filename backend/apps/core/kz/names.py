"""Invented people for demonstration and benchmarks.

Names are common ones put together by chance, IINs are valid but made up, phones lie in
``+7 700 0xx xx xx``. The same generator state gives the same people, so that a demonstration looks
alike on every machine.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import TypedDict

from apps.core.kz.iin import Sex, make_iin

Born = tuple[date, date]  # the first and the last day of birth

ANYBODY: Born = (date(1938, 1, 1), date(2025, 6, 30))
ADULTS: Born = (date(1960, 1, 1), date(2001, 12, 31))


class Person(TypedDict):
    last_name: str
    first_name: str
    middle_name: str  # empty for the few who have none
    sex: Sex
    birth_date: date
    iin: str
    phone: str


# Endings -ов, -ев, -ин take -а for a woman; other surnames are the same for both.
KAZAKH_SURNAMES = [
    "Абдрахманов",
    "Абенов",
    "Абишев",
    "Айдаров",
    "Айтбаев",
    "Айтжанов",
    "Акимбеков",
    "Акишев",
    "Алдабергенов",
    "Алимбеков",
    "Алпысбаев",
    "Амангелдиев",
    "Аманжолов",
    "Амирханов",
    "Арыстанов",
    "Асанов",
    "Аубакиров",
    "Ахметжанов",
    "Ашимов",
    "Әбдіқадыров",
    "Әбілқасымов",
    "Әлімбаев",
    "Әлиев",
    "Әубәкіров",
    "Байжанов",
    "Байменов",
    "Байтасов",
    "Бакиров",
    "Балтабаев",
    "Баймұратов",
    "Бегалиев",
    "Бейсенов",
    "Бекенов",
    "Бекжанов",
    "Бердібаев",
    "Боранбаев",
    "Ботабаев",
    "Даулетов",
    "Дәулетбаев",
    "Досанов",
    "Досжанов",
    "Досмағамбетов",
    "Дүйсенов",
    "Дүйсенбаев",
    "Ермеков",
    "Есенов",
    "Есімов",
    "Ешимов",
    "Жакенов",
    "Жаксыбаев",
    "Жансейтов",
    "Жанузаков",
    "Жолдасов",
    "Жүнісов",
    "Жумабаев",
    "Жұмағұлов",
    "Ибраимов",
    "Идрисов",
    "Искаков",
    "Исмаилов",
    "Кабылов",
    "Калиев",
    "Камалов",
    "Карабаев",
    "Каримов",
    "Касенов",
    "Кенжебаев",
    "Кенжетаев",
    "Көшербаев",
    "Құлманов",
    "Құсайынов",
    "Қайырбеков",
    "Қалиев",
    "Қасымов",
    "Қожахметов",
    "Қуанышев",
    "Қыдырбаев",
    "Мадиев",
    "Майлыбаев",
    "Мамырбаев",
    "Манапов",
    "Мейрамов",
    "Мендыбаев",
    "Мукашев",
    "Муканов",
    "Мұратбеков",
    "Мұсабаев",
    "Мырзағалиев",
    "Назаров",
    "Ниязов",
    "Нұрғалиев",
    "Нұрпейісов",
    "Нуркенов",
    "Нұрланов",
    "Омаров",
    "Оразбаев",
    "Оспанов",
    "Өмірзақов",
    "Өтебаев",
    "Рақымжанов",
    "Рахметов",
    "Рысбаев",
    "Сабитов",
    "Сағынтаев",
    "Садыков",
    "Сапаров",
    "Сарсенбаев",
    "Сейдахметов",
    "Сейтжанов",
    "Сейткали",
    "Серікбаев",
    "Смагулов",
    "Сүлейменов",
    "Таженов",
    "Тайжанов",
    "Такенов",
    "Тасболатов",
    "Тілеубаев",
    "Тоқтаров",
    "Төлегенов",
    "Тұрсынов",
    "Төреқұлов",
    "Тулеутаев",
    "Уәлиев",
    "Үсенов",
    "Шаймерденов",
    "Шәкіров",
    "Шарипов",
    "Шынғысов",
    "Ыбыраев",
    "Ысқақов",
    "Ізбасаров",
]

RUSSIAN_SURNAMES = [
    "Авдеев",
    "Агафонов",
    "Алексеев",
    "Андреев",
    "Антонов",
    "Баранов",
    "Белов",
    "Беляев",
    "Богданов",
    "Борисов",
    "Быков",
    "Васильев",
    "Виноградов",
    "Власов",
    "Волков",
    "Воробьёв",
    "Гаврилов",
    "Герасимов",
    "Голубев",
    "Горбунов",
    "Григорьев",
    "Громов",
    "Давыдов",
    "Данилов",
    "Денисов",
    "Дмитриев",
    "Дорофеев",
    "Егоров",
    "Ермаков",
    "Ершов",
    "Ефимов",
    "Жуков",
    "Зайцев",
    "Захаров",
    "Зимин",
    "Зуев",
    "Иванов",
    "Ильин",
    "Казаков",
    "Калинин",
    "Карпов",
    "Киселёв",
    "Климов",
    "Ковалёв",
    "Козлов",
    "Комаров",
    "Королёв",
    "Кравцов",
    "Крылов",
    "Кудрявцев",
    "Кузнецов",
    "Кузьмин",
    "Лазарев",
    "Лебедев",
    "Макаров",
    "Максимов",
    "Мартынов",
    "Медведев",
    "Мельников",
    "Миронов",
    "Морозов",
    "Никитин",
    "Николаев",
    "Новиков",
    "Осипов",
    "Павлов",
    "Петров",
    "Поляков",
    "Попов",
    "Романов",
    "Савельев",
    "Семёнов",
    "Сидоров",
    "Соколов",
    "Соловьёв",
    "Сорокин",
    "Степанов",
    "Тарасов",
    "Тимофеев",
    "Титов",
    "Фёдоров",
    "Филиппов",
    "Фомин",
    "Чернов",
    "Шевченко",
    "Щербаков",
    "Юдин",
    "Яковлев",
]

KAZAKH_MEN = [
    "Абылай",
    "Азамат",
    "Айбек",
    "Айдос",
    "Алмас",
    "Алмат",
    "Амир",
    "Арман",
    "Асқар",
    "Асхат",
    "Әділ",
    "Әлихан",
    "Бауыржан",
    "Бекзат",
    "Берік",
    "Болат",
    "Данияр",
    "Дархан",
    "Дәурен",
    "Дидар",
    "Диас",
    "Досжан",
    "Ерасыл",
    "Ербол",
    "Ержан",
    "Ерлан",
    "Ернар",
    "Жандос",
    "Жанибек",
    "Жасұлан",
    "Ильяс",
    "Қайрат",
    "Қанат",
    "Мади",
    "Марат",
    "Мейрам",
    "Мұрат",
    "Нұрбол",
    "Нұржан",
    "Нұрлан",
    "Нұрсұлтан",
    "Олжас",
    "Рахат",
    "Руслан",
    "Рүстем",
    "Саян",
    "Самат",
    "Санжар",
    "Серік",
    "Талғат",
    "Темірлан",
    "Тимур",
    "Ұлан",
    "Шыңғыс",
]

KAZAKH_WOMEN = [
    "Айгерім",
    "Айгүл",
    "Айдана",
    "Айжан",
    "Айнұр",
    "Айсұлу",
    "Аққу",
    "Алия",
    "Алтынай",
    "Анар",
    "Аружан",
    "Асель",
    "Асем",
    "Аяулым",
    "Әсел",
    "Әйгерім",
    "Балжан",
    "Ботагөз",
    "Гаухар",
    "Гүлжан",
    "Гүлмира",
    "Гүлнар",
    "Гүлшат",
    "Дана",
    "Дариға",
    "Дина",
    "Динара",
    "Жадыра",
    "Жанар",
    "Жанель",
    "Жансая",
    "Зарина",
    "Зере",
    "Индира",
    "Камила",
    "Қарлығаш",
    "Күнсұлу",
    "Лаура",
    "Ләззат",
    "Мадина",
    "Мақпал",
    "Малика",
    "Мөлдір",
    "Назерке",
    "Назым",
    "Нұргүл",
    "Перизат",
    "Раушан",
    "Сабина",
    "Салтанат",
    "Сандуғаш",
    "Сәуле",
    "Томирис",
    "Ұлжан",
    "Шолпан",
    "Ырысты",
    "Іңкәр",
]

RUSSIAN_MEN = [
    "Александр",
    "Алексей",
    "Анатолий",
    "Андрей",
    "Антон",
    "Артём",
    "Борис",
    "Вадим",
    "Валерий",
    "Василий",
    "Виктор",
    "Виталий",
    "Владимир",
    "Вячеслав",
    "Геннадий",
    "Георгий",
    "Григорий",
    "Денис",
    "Дмитрий",
    "Евгений",
    "Егор",
    "Иван",
    "Игорь",
    "Илья",
    "Кирилл",
    "Константин",
    "Максим",
    "Матвей",
    "Михаил",
    "Никита",
    "Николай",
    "Олег",
    "Павел",
    "Пётр",
    "Роман",
    "Семён",
    "Сергей",
    "Степан",
    "Фёдор",
    "Юрий",
    "Ярослав",
]

RUSSIAN_WOMEN = [
    "Алёна",
    "Алина",
    "Алла",
    "Анастасия",
    "Анна",
    "Валентина",
    "Валерия",
    "Вера",
    "Вероника",
    "Виктория",
    "Галина",
    "Дарья",
    "Диана",
    "Евгения",
    "Екатерина",
    "Елена",
    "Жанна",
    "Зоя",
    "Инна",
    "Ирина",
    "Кристина",
    "Ксения",
    "Лариса",
    "Лидия",
    "Любовь",
    "Людмила",
    "Маргарита",
    "Марина",
    "Мария",
    "Надежда",
    "Наталья",
    "Нина",
    "Оксана",
    "Ольга",
    "Полина",
    "Светлана",
    "София",
    "Тамара",
    "Татьяна",
    "Ульяна",
    "Юлия",
    "Яна",
]

_IRREGULAR = {
    "Илья": ("Ильич", "Ильинична"),
    "Никита": ("Никитич", "Никитична"),
    "Пётр": ("Петрович", "Петровна"),
    "Павел": ("Павлович", "Павловна"),
    "Михаил": ("Михайлович", "Михайловна"),
    "Ярослав": ("Ярославович", "Ярославовна"),
}
# Васильевич, but Дмитриевич
_SOFTENED = {"Анатолий", "Василий", "Валерий", "Виталий", "Геннадий", "Евгений", "Юрий"}
_SOFTENED |= {"Георгий", "Григорий"}


def surname(stem: str, sex: Sex) -> str:
    return stem + "а" if sex == "F" and stem[-2:] in {"ов", "ев", "ёв", "ин"} else stem


def russian_patronymic(father: str, sex: Sex) -> str:
    """``Иван`` → ``Иванович``, ``Сергей`` → ``Сергеевна``, ``Василий`` → ``Васильевич``."""
    if father in _IRREGULAR:
        return _IRREGULAR[father][sex == "F"]
    ending = "вич" if sex == "M" else "вна"
    if father in _SOFTENED:
        return f"{father[:-2]}ье{ending}"
    if father[-1] in "йь":
        return f"{father[:-1]}е{ending}"
    return f"{father}о{ending}"


def kazakh_patronymic(father: str, sex: Sex) -> str:
    """``Серік`` → ``Серікұлы``, ``Серікқызы``."""
    return father + ("ұлы" if sex == "M" else "қызы")


def person(rng: Random, born: Born = ANYBODY) -> Person:
    """Somebody. Two calls may give the same IIN or phone; ``people`` does not."""
    sex: Sex = "M" if rng.random() < 0.48 else "F"
    birth_date = _birth_date(rng, born)
    last, first, middle = _kazakh(rng, sex) if rng.random() < 0.72 else _russian(rng, sex)
    return {
        "last_name": last,
        "first_name": first,
        "middle_name": middle,
        "sex": sex,
        "birth_date": birth_date,
        "iin": _iin(rng, birth_date, sex),
        "phone": f"+77000{rng.randrange(10**6):06d}",
    }


def people(count: int, *, seed: int = 1, born: Born = ANYBODY) -> Iterator[Person]:
    """Invented people, at most half a million, whose IINs and phones are all different."""
    if count > 500_000:
        raise ValueError("the invented range has a million phones: ask for half of it at most")
    rng = Random(seed)
    iins: set[str] = set()
    phones: set[str] = set()
    for _ in range(count):
        one = person(rng, born)
        while one["iin"] in iins:
            one["iin"] = _iin(rng, one["birth_date"], one["sex"])
        while one["phone"] in phones:
            one["phone"] = f"+77000{rng.randrange(10**6):06d}"
        iins.add(one["iin"])
        phones.add(one["phone"])
        yield one


def _kazakh(rng: Random, sex: Sex) -> tuple[str, str, str]:
    last = surname(rng.choice(KAZAKH_SURNAMES), sex)
    first = rng.choice(KAZAKH_MEN if sex == "M" else KAZAKH_WOMEN)
    father = rng.choice(KAZAKH_MEN)
    manner = rng.random()
    if manner < 0.06:
        return last, first, ""
    # Documents hold both manners; the Russian one does not follow every sound.
    if manner < 0.5 and father[-1] not in "аеиоуыіүұйқғ":
        return last, first, russian_patronymic(father, sex)
    return last, first, kazakh_patronymic(father, sex)


def _russian(rng: Random, sex: Sex) -> tuple[str, str, str]:
    last = surname(rng.choice(RUSSIAN_SURNAMES), sex)
    first = rng.choice(RUSSIAN_MEN if sex == "M" else RUSSIAN_WOMEN)
    return last, first, russian_patronymic(rng.choice(RUSSIAN_MEN), sex)


def _birth_date(rng: Random, born: Born) -> date:
    """More people in the middle of the range than at its ends."""
    days = (born[1] - born[0]).days
    return born[0] + timedelta(days=round(rng.triangular(0, days, days * 0.6)))


def _iin(rng: Random, birth_date: date, sex: Sex) -> str:
    while True:
        if value := make_iin(birth_date, sex, rng.randrange(10_000)):
            return value
