"""What alembic runs: the tables of every area, on the connection that `run.py` hands over."""

from alembic import context

from storage.migrations.areas import MODEL, is_of_the_model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=MODEL,
    include_name=is_of_the_model,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
