"""Since when the calls of an item are open to everybody."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A moment, or none while they are blind."""

    dependencies: ClassVar = [("store", "0011_notices")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="agendaitem",
            name="calls_opened_at",
            field=models.DateTimeField(null=True),
        ),
    ]
