"""Several people at the same moment, each on a connection of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

needs_connections = pytest.mark.skipif(connection.vendor == "sqlite", reason="a database in memory has one connection")


def at_once(*calls, refused=()):
    """Run all at the same time; what each returned or, if it is one of the errors in `refused`, raised."""
    barrier = threading.Barrier(len(calls), timeout=10)

    def run(call):
        try:
            barrier.wait()
            return call()
        except refused as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
