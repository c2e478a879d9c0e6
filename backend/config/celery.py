import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("clinic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    timezone="Asia/Almaty",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    worker_hijack_root_logger=False,
    beat_schedule={
        "process-outbox": {"task": "apps.core.tasks.process_outbox", "schedule": 5.0},
        "forget-old-keys": {
            "task": "apps.core.tasks.forget_old_keys",
            "schedule": crontab(hour=3, minute=10),
        },
        "settle-overbooked": {
            "task": "apps.calendar.tasks.settle_overbooked",
            "schedule": crontab(hour=3, minute=50),
        },
        "carry-breaks": {
            "task": "apps.calendar.tasks.carry_breaks",
            "schedule": crontab(hour=3, minute=30),
        },
    },
)
app.autodiscover_tasks()
