"""The shared cache, which may be away for a while without taking the logins along."""

import logging
from contextlib import contextmanager

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)


class PatientClient(RedisCacheClient):
    """While Redis is away, nothing is found and nothing is kept: limits do not count, and the log says so."""

    def add(self, key, value, timeout):
        with away_is_empty():
            return super().add(key, value, timeout)
        return True  # whoever waits for a lock gets it

    def get(self, key, default):
        with away_is_empty():
            return super().get(key, default)
        return default

    def set(self, key, value, timeout):
        with away_is_empty():
            super().set(key, value, timeout)

    def touch(self, key, timeout):
        with away_is_empty():
            return super().touch(key, timeout)
        return False

    def delete(self, key):
        with away_is_empty():
            return super().delete(key)
        return False

    def get_many(self, keys):
        with away_is_empty():
            return super().get_many(keys)
        return {}

    def has_key(self, key):
        with away_is_empty():
            return super().has_key(key)
        return False

    def incr(self, key, delta):
        with away_is_empty():
            return super().incr(key, delta)
        raise ValueError(f"Key '{key}' not found")  # as for any key that is not there

    def set_many(self, data, timeout):
        with away_is_empty():
            super().set_many(data, timeout)

    def delete_many(self, keys):
        with away_is_empty():
            super().delete_many(keys)

    def clear(self):
        with away_is_empty():
            return super().clear()
        return False


@contextmanager
def away_is_empty():
    try:
        yield
    except RedisError as error:
        logger.error("The cache does not answer, so rate limits do not count: %s", error)


class PatientRedisCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = PatientClient
        # Nobody waits long for it; once more at once, as a connection that was kept may have been closed.
        self._options = {
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 1),
        } | self._options
