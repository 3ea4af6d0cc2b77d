// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.xen.abi.ForeignMemoryMap;
import org.xenolith.xen.abi.MemoryMap;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * What a domain is told of its own memory: XENMEM_set_memory_map by who builds it, XENMEM_memory_map by itself (public header {@code memory.h}). Entries are those of the BIOS call E820, 20 bytes each.
 * Xen has both on x86 only.
 */
final class GuestMemoryMaps {
  private static final int ENTRY = 20;
  /** E820MAX of Xen for a domain. */
  private static final int MOST = 1024;

  private final DomainMaps maps;

  GuestMemoryMaps(DomainMaps maps) {
    this.maps = maps;
  }

  void addTo(SubOperations operations) {
    operations.add(
        SubOperation.of(MemoryOp.XENMEM_memory_map, "memory_map", new MemoryMap(), this::get).answers(),
        SubOperation.of(MemoryOp.XENMEM_set_memory_map, "set_memory_map", new ForeignMemoryMap(), this::set).target(
            ForeignMemoryMap::domid).needs(Privilege.CONTROL));
  }

  private long get(Hypercall call, MemoryMap map, Domain caller) {
    DomainTables tables = maps.tables(call.domain());
    byte[] entries = tables == null ? new byte[0] : tables.memoryMap;
    if (entries.length == 0) {
      return -XenErrno.XEN_ENOSYS;
    }
    int there = entries.length / ENTRY;
    int count = (int) Math.min(Integer.toUnsignedLong(map.nrEntries()), there);
    if (map.buffer() == 0) {
      count = there;
    } else if (!call.write(map.buffer(), entries, 0, count * ENTRY)) {
      return -XenErrno.XEN_EFAULT;
    }
    map.nrEntries(count);
    return 0;
  }

  private long set(Hypercall call, ForeignMemoryMap map, Domain domain) {
    int count = map.nrEntries();
    if (count < 0 || count > MOST) {
      return -XenErrno.XEN_EINVAL;
    }
    byte[] entries = new byte[count * ENTRY];
    if (!call.read(map.buffer(), entries, 0, entries.length)) {
      return -XenErrno.XEN_EFAULT;
    }
    maps.memoryMap(domain, entries);
    return 0;
  }
}
