from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0002_newest_payments'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('paid__lt', models.F('total'))), fields=['organization', 'branch', 'patient'], name='invoice_due'),
        ),
    ]
