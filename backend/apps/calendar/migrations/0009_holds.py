"""Holds: a place that is kept for a few minutes takes time as an appointment does, and says until when."""

import apps.core.ids
import apps.core.tenancy
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calendar', '0008_feed'),
        ('org', '0002_working_days'),
        ('patients', '0002_search'),
        ('staff', '0003_working'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField(help_text='Made by the holder; one key holds one place.')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('buffer_before', models.PositiveSmallIntegerField(default=0)),
                ('buffer_after', models.PositiveSmallIntegerField(default=0)),
                ('expires_at', models.DateTimeField()),
                ('organization', apps.core.tenancy.OrganizationField(db_index=False, default=apps.core.tenancy.current_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.organization')),
                ('branch', apps.core.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.branch')),
                ('employee', apps.core.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staff.employee')),
                ('chair', apps.core.tenancy.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.chair')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='occupancy',
            name='occupancy_one_cause',
        ),
        migrations.AddField(
            model_name='occupancy',
            name='hold',
            field=apps.core.tenancy.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='calendar.hold'),
        ),
        migrations.AddIndex(
            model_name='occupancy',
            index=models.Index(condition=models.Q(('hold__isnull', False)), fields=['organization', 'hold'], name='occupancy_hold'),
        ),
        migrations.AddConstraint(
            model_name='occupancy',
            constraint=models.CheckConstraint(condition=django.db.models.expressions.RawSQL('num_nonnulls(appointment_id, break_id, hold_id) = 1', (), output_field=models.BooleanField()), name='occupancy_one_cause'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['organization', 'branch', 'starts_at'], name='hold_day'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['organization', 'expires_at'], name='hold_expires'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(fields=('organization', 'by', 'key'), name='hold_key_once'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='hold_order'),
        ),
    ]
