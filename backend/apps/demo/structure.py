"""Branches, rooms, chairs, the price list, the storeroom's items and the message templates."""

from decimal import Decimal

from apps.billing.models import Register
from apps.comms.models import Template
from apps.core.kz import iin as iins
from apps.demo.catalogue import ITEMS, SERVICES
from apps.demo.world import World
from apps.org.models import Branch, Chair, Room
from apps.services.models import Category, Icd10, Price, PriceList, Service
from apps.warehouse.models import Item

BRANCHES = [
    ("Достык", "Алматы, пр. Достык, 89", "Asia/Almaty", "#0f766e"),
    ("Самал", "Алматы, мкр Самал-2, 33", "Asia/Almaty", "#7c3aed"),
    ("Ақтөбе", "Актобе, пр. Абилкайыр хана, 51", "Asia/Aqtobe", "#c2410c"),
]
ROOMS = [("Кабинет 1", "#0ea5e9"), ("Кабинет 2", "#22c55e"), ("Кабинет 3", "#eab308")]
COLORS = ["#0f766e", "#2563eb", "#9333ea", "#db2777", "#ea580c", "#65a30d", "#0891b2", "#b45309",
          "#4f46e5"]  # fmt: skip
BOOKING_RU = (
    "_ИМЯ_ПАЦИЕНТА_, вы записаны _ДАТА_ВИЗИТА_ в _ВРЕМЯ_ВИЗИТА_, филиал _ФИЛИАЛ_. Врач: _ВРАЧ_"
)
REMINDER_RU = "_ИМЯ_ПАЦИЕНТА_, ждём вас _ДАТА_ВИЗИТА_ в _ВРЕМЯ_ВИЗИТА_, филиал _ФИЛИАЛ_. Придёте? Позвоните нам."
REMINDER_KK = "_ИМЯ_ПАЦИЕНТА_, сізді _ДАТА_ВИЗИТА_ күні _ВРЕМЯ_ВИЗИТА_ күтеміз, _ФИЛИАЛ_ филиалы. Келесіз бе? Бізге қоңырау шалыңыз."
BOOKING_KK = "_ИМЯ_ПАЦИЕНТА_, сіз _ДАТА_ВИЗИТА_ күні _ВРЕМЯ_ВИЗИТА_ жазылдыңыз, _ФИЛИАЛ_ филиалы. Дәрігер: _ВРАЧ_"


def build(world: World, branches: int) -> None:
    _branches(world, branches)
    _services(world)
    Item.objects.bulk_create(
        Item(id=world.id(), name=name, unit=unit, minimum=Decimal(minimum))
        for name, unit, minimum in ITEMS
    )
    Template.objects.create(
        id=world.id(),
        name="Подтверждение записи",
        purpose=Template.Purpose.BOOKING,
        text_ru=BOOKING_RU,
        text_kk=BOOKING_KK,
    )
    Template.objects.create(
        id=world.id(),
        name="Напоминание о приёме",
        purpose=Template.Purpose.REMINDER,
        text_ru=REMINDER_RU,
        text_kk=REMINDER_KK,
    )
    Template.objects.create(
        id=world.id(),
        name="Перенос приёма",
        text_ru="_ИМЯ_ПАЦИЕНТА_, ваш приём перенесён. Позвоните нам, чтобы выбрать новое время.",
        text_kk="_ИМЯ_ПАЦИЕНТА_, қабылдауыңыз ауыстырылды. Жаңа уақыт таңдау үшін бізге қоңырау шалыңыз.",
    )


def requisites(world: World) -> dict[str, str]:
    """Invented requisites that pass the checks."""
    body = f"{world.now.year % 100:02d}0340{world.rng.randrange(10**4, 10**5)}"
    number = next(
        body[:6] + f"{int(body[6:]) + n:05d}" + str(digit)
        for n in range(50)
        for digit in range(10)
        if iins.is_valid_bin(body[:6] + f"{int(body[6:]) + n:05d}" + str(digit))
    )
    return {"bin": number}


def _branches(world: World, count: int) -> None:
    for position, (name, address, zone, color) in enumerate(BRANCHES[:count]):
        branch = Branch.objects.create(
            id=world.id(), name=name, address=address, timezone=zone, color=color, position=position,
            phone=f"+7727{world.rng.randrange(2_000_000, 3_999_999)}",
        )  # fmt: skip
        world.branches.append(branch)
        world.rooms[branch.pk], world.chairs[branch.pk] = [], []
        for place, (room_name, room_color) in enumerate(ROOMS):
            room = Room.objects.create(
                id=world.id(), branch=branch, name=room_name, color=room_color, position=place
            )
            world.rooms[branch.pk].append(room)
            world.chairs[branch.pk].append(
                Chair.objects.create(id=world.id(), room=room, name=f"Кресло {place + 1}")
            )
        Register.objects.create(id=world.id(), branch=branch, name="Касса 1")


def _services(world: World) -> None:
    base = PriceList.objects.create(id=world.id(), name="Основной прейскурант", is_base=True)
    services, prices = [], []
    for position, (name, rows) in enumerate(SERVICES.items()):
        category = Category.objects.create(id=world.id(), name=name, position=position)
        color = COLORS[position % len(COLORS)]
        for code, title, amount, minutes, on_tooth in rows:
            service = Service(
                id=world.id(), category=category, code=code, name=title, color=color,
                duration_minutes=minutes, is_tooth_bound=on_tooth,
            )  # fmt: skip
            services.append(service)
            world.services[code] = service
            world.prices[service.pk] = Decimal(amount)
            prices.append(Price(id=world.id(), price_list=base, service=service, amount=amount))
    Service.objects.bulk_create(services)
    Price.objects.bulk_create(prices)
    world.icd10 = {row.code: row for row in Icd10.objects.all()}
