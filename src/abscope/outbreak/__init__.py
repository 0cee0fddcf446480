"""What do the cases share? People, procedures, clinics, products."""
