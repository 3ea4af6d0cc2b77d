// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import static org.xenolith.xen.abi.XenErrno.XEN_EFAULT;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOSYS;
import static org.xenolith.xen.abi.XenErrno.XEN_EPERM;
import static org.xenolith.xen.abi.XenErrno.XEN_ESRCH;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.ForeignMemoryMap;
import org.xenolith.xen.abi.MemoryMap;

/** XENMEM_memory_map and XENMEM_set_memory_map (public header {@code memory.h}): what a domain is told of its memory, in entries of the BIOS call E820. Xen on Arm serves neither. */
final class DomainMemoryMaps {
  private static final int ENTRY = 20;
  /** Entries that a map has at most, as in Xen. */
  private static final int MOST = 1024;

  private final MemoryOperations operations;

  DomainMemoryMaps(MemoryOperations operations) {
    this.operations = operations;
  }

  /** As many entries as the caller has room for; a domain that nobody has told a map finds no such operation. */
  long tell(Hypercall call, MemoryMap map, Domain caller) {
    byte[] entries = call.domain().memoryMap();
    if (entries.length == 0) {
      return -XEN_ENOSYS;
    }
    int count = entries.length / ENTRY;
    if (Integer.compareUnsigned(map.nrEntries(), count) < 0) {
      count = map.nrEntries();
    }
    map.nrEntries(count);
    return call.write(map.buffer(), entries, 0, count * ENTRY) ? 0 : -XEN_EFAULT;
  }

  long set(Hypercall call, ForeignMemoryMap map, Domain caller) {
    if (Integer.compareUnsigned(map.nrEntries(), MOST) > 0) {
      return -XEN_EINVAL;
    }
    Domain domain = operations.target(call, map.domid());
    if (domain == null) {
      return -XEN_ESRCH;
    }
    if (!operations.mayServe(call.domain(), domain)) {
      return -XEN_EPERM;
    }
    byte[] entries = new byte[map.nrEntries() * ENTRY];
    if (!call.read(map.buffer(), entries, 0, entries.length)) {
      return -XEN_EFAULT;
    }
    domain.memoryMap(entries);
    return 0;
  }
}
