"""Loads the dental diagnoses of ICD-10. Started twice it changes nothing; rolled back it leaves them, visits may name them."""

from django.db import migrations

from apps.core.kz import icd10


def load(apps, schema_editor):
    model = apps.get_model("services", "Icd10")
    rows = [
        model(code=row.code, parent=row.parent or "", name_ru=row.name_ru, is_dental=row.core)
        for row in icd10.rows()
    ]
    model.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0001_services'),
    ]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
