"""What Alembic runs: the steps, on the connection it is handed, inside that one transaction."""

from alembic import context

from abscope.collection.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
