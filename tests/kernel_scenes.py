"""What the tests of the kernel set up again and again: a booted world, its things by name, a call made as C would."""

from uvmlab.kernel import PGO, Cluster
from uvmlab.kernel.flags import value


def boot(world, **options):
    """Boot a world with a trace."""
    return world.machine(trace=True, **options)


def named(m):
    """Return all pages, anons and objects of a machine by name."""
    return {thing.name: thing for things in (m.pages, m.anons, m.objects) for thing in things}


def pages(m, names):
    return [named(m)[name] for name in names.split()]


def pgo(flags):
    return value(PGO, flags)


def drop(m, names, *, uobj=None, pg=None, flags="PDFREECLUST", swblk=0):
    """Call dropcluster on the pages `names`, as a C caller does: with the object locked."""
    by_name = named(m)
    cluster = Cluster(pages(m, names))
    if uobj:
        m.locks.lock(by_name[uobj].vmobjlock)
    m.call("dropcluster", by_name.get(uobj), by_name.get(pg), cluster, pgo(flags), swblk)
    return cluster


def putting(m, names="", *, uobj=None, pg=None, flags="SYNCIO", slot=0, room=16):
    """Make the generator of a pager_put, the locks taken when it begins; it returns (result, cluster)."""
    by_name = named(m)
    cluster = Cluster(pages(m, names), room=0 if names else room)
    stop = by_name[uobj].size * 4096 if uobj else 0
    if uobj:
        m.locks.lock(by_name[uobj].vmobjlock)
    m.locks.lock(m.queues.lock)
    result = yield from m.k.pager_put(
        by_name.get(uobj), by_name.get(pg), cluster, pgo(flags), slot, stop
    )
    return result, cluster


def put(m, names="", **how):
    """Put and run to the end.  Returns: the name of the result, and the cluster."""
    thread = m.thread("put", putting(m, names, **how))
    m.run()
    result, cluster = thread.result
    return result.name, cluster


def mapping(m, names, wait=0, aiop=None):
    """Make the generator of a pagermapin."""
    return m.k.pagermapin(tuple(pages(m, names)), aiop, wait)


def places(m, kind=None):
    """List (kind, C line) of every step, or the lines of those of one kind."""
    steps = m.trace.steps
    return [s.line for s in steps if s.kind == kind] if kind else [(s.kind, s.line) for s in steps]


def events(m):
    """List every event as (kind, arguments...)."""
    return [(event.kind, *event.args) for event in m.trace.events]


def rules(m):
    """List the rules that are broken now."""
    return [broken.rule for broken in m.check()]
