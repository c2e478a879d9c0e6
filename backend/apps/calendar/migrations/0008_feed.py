"""Private calendars, and whose organisation an address belongs to.

Who asks has no organisation yet, so row level security would hide the row. The function belongs to the owner, whose policy
is always true; it takes the hash of a whole secret and tells one id, so nothing can be listed or guessed with it.
"""

import apps.core.ids
import apps.core.tenancy
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = f"""
CREATE FUNCTION calendar_feed(wanted bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.organization_id
    FROM public.calendar_feed f
    JOIN public.org_organization o ON o.id = f.organization_id AND o.is_active
    WHERE f.digest = wanted
$$;
REVOKE ALL ON FUNCTION calendar_feed(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar_feed(bytea) TO {settings.APPLICATION_ROLE};
"""
DROP = "DROP FUNCTION calendar_feed(bytea)"


class Migration(migrations.Migration):

    dependencies = [
        ('calendar', '0007_contacts'),
        ('org', '0002_working_days'),
        ('staff', '0003_working'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=32)),
                ('issued_at', models.DateTimeField()),
                ('employee', apps.core.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='staff.employee')),
                ('issued_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', apps.core.tenancy.OrganizationField(db_index=False, default=apps.core.tenancy.current_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['digest'], name='feed_digest')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'employee'), name='feed_once')],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
