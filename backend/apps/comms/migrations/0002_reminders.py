from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comms', '0001_comms'),
        ('org', '0002_working_days'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='template',
            name='template_one_booking',
        ),
        migrations.AlterField(
            model_name='template',
            name='purpose',
            field=models.CharField(choices=[('booking', 'Booking confirmation'), ('reminder', 'Reminder of a visit'), ('free', 'Written by hand')], default='free', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(condition=models.Q(('is_active', True), ('purpose__in', ['booking', 'reminder'])), fields=('organization', 'channel', 'purpose'), name='template_one_of_a_visit'),
        ),
    ]
