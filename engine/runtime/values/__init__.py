"""The values of a record: taken, computed, validated, numbered."""
