"""What everything else stands on: errors, dates, and how parameters, engines and ideas are declared and found."""
