from django.conf import settings
from django.db import migrations, models

# Memberships are rows of an organisation, so nobody can see them before one is chosen. This function is how a log-in
# finds the organisations of a person; it answers ids and nothing else.
CREATE = f"""
CREATE FUNCTION core_memberships_of(person uuid)
RETURNS TABLE (organization_id uuid, is_active boolean, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.organization_id, bool_or(m.is_active) AND bool_and(o.is_active), min(m.created_at)
    FROM public.core_membership m JOIN public.org_organization o ON o.id = m.organization_id
    WHERE m.user_id = person
    GROUP BY m.organization_id
    ORDER BY 3, 1
$$;
REVOKE ALL ON FUNCTION core_memberships_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_memberships_of(uuid) TO {settings.APPLICATION_ROLE};
"""
DROP = "DROP FUNCTION core_memberships_of(uuid)"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_kernel")]

    operations = [
        migrations.AlterModelOptions(
            name="user", options={"verbose_name": "user", "verbose_name_plural": "users"}
        ),
        migrations.AddField(
            model_name="user", name="updated_at", field=models.DateTimeField(auto_now=True)
        ),
        migrations.AddField(
            model_name="user",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                blank=True, db_index=True, max_length=254, null=True, verbose_name="e-mail"
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
