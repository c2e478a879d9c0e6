"""What one who waits wants and when, whom was called, and places offered to him."""

import apps.core.ids
import apps.core.tenancy
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calendar', '0011_occupancy_from'),
        ('org', '0002_working_days'),
        ('patients', '0002_search'),
        ('services', '0003_buffers'),
        ('staff', '0003_working'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('open', 'Open'), ('taken', 'Taken'), ('declined', 'Declined'), ('expired', 'Expired')], default='open', max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('organization', apps.core.tenancy.OrganizationField(db_index=False, default=apps.core.tenancy.current_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.organization')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chair', apps.core.tenancy.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.chair')),
                ('employee', apps.core.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staff.employee')),
                ('entry', apps.core.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='calendar.waitingentry')),
                ('hold', apps.core.tenancy.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='offers', to='calendar.hold')),
            ],
        ),
        migrations.CreateModel(
            name='WaitingContact',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('result', models.CharField(choices=[('reached', 'Reached'), ('no_answer', 'No answer'), ('call_back', 'Call back later'), ('declined', 'Declined'), ('other', 'Other')], max_length=9)),
                ('note', models.CharField(blank=True, max_length=250)),
                ('organization', apps.core.tenancy.OrganizationField(db_index=False, default=apps.core.tenancy.current_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.organization')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', apps.core.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='calendar.waitingentry')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WaitingService',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('organization', apps.core.tenancy.OrganizationField(db_index=False, default=apps.core.tenancy.current_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.organization')),
                ('entry', apps.core.tenancy.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='services', to='calendar.waitingentry')),
                ('service', apps.core.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='services.service')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='first_date',
            field=models.DateField(help_text='Not before; empty: as soon as may be.', null=True),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='last_date',
            field=models.DateField(help_text='Not after; empty: whenever.', null=True),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='priority',
            field=models.SmallIntegerField(choices=[(0, 'Can wait'), (1, 'Usual'), (2, 'First of all')], default=1),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='weekdays',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, help_text='ISO; none: any day.', size=None),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='windows',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=11), default=list, help_text='`morning`, `afternoon`, `evening` or hours as `09:00-11:30`; none: any time.', size=None),
        ),
        migrations.AddConstraint(
            model_name='waitingentry',
            constraint=models.CheckConstraint(condition=models.Q(('first_date__isnull', True), ('last_date__isnull', True), ('last_date__gte', models.F('first_date')), _connector='OR'), name='waiting_dates'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(condition=models.Q(('hold__isnull', False)), fields=['organization', 'hold'], name='offer_hold'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('organization', 'entry'), name='offer_one_open'),
        ),
    ]
