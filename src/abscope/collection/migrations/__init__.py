"""Steps from every earlier layout of the database to the present one."""
