"""What every floor stands on: errors, time, database, unit of work, audit, calendar, files, configuration."""
