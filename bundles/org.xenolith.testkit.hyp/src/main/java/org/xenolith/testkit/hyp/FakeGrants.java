// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Grants;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.xen.abi.GrantStatus;

/** Grants without tables in memory: who may map what, and how often it is mapped now. */
public final class FakeGrants implements Grants {
  private final P2mPort p2m;
  private final TreeMap<Key, Entry> entries = new TreeMap<>();
  private long maps;

  private record Key(int serial, int ref) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return serial != other.serial ? Integer.compare(serial, other.serial) : Integer.compare(ref, other.ref);
    }
  }

  private static final class Entry {
    private int domid;
    private long gfn;
    private boolean readOnly;
    private int readers;
    private int writers;
    private int mapper;
  }

  FakeGrants(P2mPort p2m) {
    this.p2m = p2m;
  }

  @Override
  public void grant(Domain granter, int ref, int domid, long gfn) {
    grant(granter, ref, domid, gfn, false);
  }

  /** Grants a frame of a domain's. */
  public void grant(Domain granter, int ref, int domid, long gfn, boolean readOnly) {
    Entry entry = new Entry();
    entry.domid = domid;
    entry.gfn = gfn;
    entry.readOnly = readOnly;
    Entry old = entries.put(new Key(granter.serial(), ref), entry);
    if (old != null && old.readers + old.writers > 0) {
      throw new AssertionError("reference " + ref + " of " + granter + " is granted again while it is mapped");
    }
  }

  /** Takes a grant back. @return false if it is mapped */
  public boolean revoke(Domain granter, int ref) {
    Key key = new Key(granter.serial(), ref);
    Entry entry = entries.get(key);
    if (entry != null && entry.readers + entry.writers > 0) {
      return false;
    }
    entries.remove(key);
    return true;
  }

  /** Whether a reference is mapped now. */
  public boolean inUse(Domain granter, int ref) {
    Entry entry = entries.get(new Key(granter.serial(), ref));
    return entry != null && entry.readers + entry.writers > 0;
  }

  /** Maps that succeeded so far. */
  public long maps() {
    return maps;
  }

  @Override
  public long map(Domain mapper, Domain granter, int ref, boolean readOnly) {
    Entry entry = entries.get(new Key(granter.serial(), ref));
    if (entry == null) {
      return GrantStatus.GNTST_bad_gntref;
    }
    if (entry.domid != mapper.id() || entry.readOnly && !readOnly) {
      return GrantStatus.GNTST_general_error;
    }
    long page = p2m.translate(granter, entry.gfn << 12, !readOnly);
    if (page < 0) {
      return GrantStatus.GNTST_general_error;
    }
    entry.mapper = mapper.serial();
    if (readOnly) {
      entry.readers++;
    } else {
      entry.writers++;
    }
    maps++;
    return page;
  }

  @Override
  public void unmap(Domain mapper, Domain granter, int ref, boolean readOnly) {
    unmapGone(mapper, granter.serial(), ref, readOnly);
  }

  @Override
  public void unmapGone(Domain mapper, int serial, int ref, boolean readOnly) {
    Entry entry = entries.get(new Key(serial, ref));
    if (entry == null || (readOnly ? entry.readers-- : entry.writers--) <= 0) {
      throw new AssertionError("reference " + ref + " of the domain with serial number " + serial
          + " is unmapped more often than it was mapped");
    }
  }

  @Override
  public long frame(Domain domain, int index) {
    return -1;
  }

  @Override
  public int mapped(Domain mapper) {
    return entries.values().stream().filter(e -> e.mapper == mapper.serial()).mapToInt(e -> e.readers + e.writers).sum();
  }

  @Override
  public int granted(Domain granter) {
    return entries.tailMap(new Key(granter.serial(), 0)).entrySet().stream().filter(e -> e.getKey().serial == granter.serial())
        .mapToInt(e -> e.getValue().readers + e.getValue().writers).sum();
  }
}
