import apps.core.ids
import apps.core.tenancy
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calendar', '0006_default_view'),
        ('org', '0002_working_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactAttempt',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('result', models.CharField(choices=[('reached', 'Reached'), ('no_answer', 'No answer'), ('call_back', 'Call back later'), ('declined', 'Declined'), ('other', 'Other')], max_length=9)),
                ('call_back_at', models.DateTimeField(help_text='When the patient asked to be called.', null=True)),
                ('note', models.CharField(blank=True, max_length=250)),
                ('appointment', apps.core.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contact_attempts', to='calendar.appointment')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', apps.core.tenancy.OrganizationField(db_index=False, default=apps.core.tenancy.current_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'appointment', 'at'], name='contact_appointment')],
                'constraints': [models.CheckConstraint(condition=models.Q(('result', 'call_back'), ('call_back_at__isnull', True), _connector='XOR'), name='contact_call_back')],
            },
        ),
        migrations.CreateModel(
            name='ContactClaim',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('ends_at', models.DateTimeField()),
                ('appointment', apps.core.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='calendar.appointment')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', apps.core.tenancy.OrganizationField(db_index=False, default=apps.core.tenancy.current_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'appointment'), name='contact_claim_once')],
            },
        ),
    ]
