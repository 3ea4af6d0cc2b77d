// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.DeviceMapping;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.xen.abi.XenErrno;

/** Stage 2 as a map, without tables; holds frames as the contract says. */
public final class FakeP2m implements P2m {
  private final FrameHeap heap;
  private final MachineMemory memory;
  private final Map<Integer, TreeMap<Long, Entry>> domains = new HashMap<>();

  private final Map<Integer, DeviceMapping> devices = new HashMap<>();

  private record Entry(long mfn, PageType type) {}

  FakeP2m(FrameHeap heap, MachineMemory memory) {
    this.heap = heap;
    this.memory = memory;
  }

  private TreeMap<Long, Entry> map(Domain domain) {
    return domains.computeIfAbsent(domain.serial(), serial -> new TreeMap<>());
  }

  @Override
  public long translate(Domain domain, long ipa, boolean write) {
    Entry entry = map(domain).get(ipa >>> 12);
    if (entry == null || entry.type == PageType.DEVICE
        || write && (entry.type == PageType.RAM_READ_ONLY || entry.type == PageType.GRANT_READ_ONLY)) {
      return -1;
    }
    return entry.mfn << 12 | ipa & 0xFFF;
  }

  @Override
  public PageType type(Domain domain, long gfn) {
    Entry entry = map(domain).get(gfn);
    return entry == null ? PageType.NONE : entry.type;
  }

  @Override
  public int map(Domain domain, long gfn, long mfn, long count, PageType type) {
    unmap(domain, gfn, count);
    for (long i = 0; i < count; i++) {
      map(domain).put(gfn + i, new Entry(mfn + i, type));
      if (type != PageType.DEVICE) {
        heap.hold(mfn + i);
      }
    }
    return 0;
  }

  @Override
  public int unmap(Domain domain, long gfn, long count) {
    for (long i = 0; i < count; i++) {
      Entry entry = map(domain).remove(gfn + i);
      if (entry != null && entry.type != PageType.DEVICE) {
        heap.drop(entry.mfn);
      }
    }
    return 0;
  }

  /** Frames of the same number for a domain that is mapped 1:1, else any. */
  @Override
  public int populate(Domain domain, long gfn, long count) {
    for (long i = 0; i < count; i++) {
      long mfn = domain.directMapped() ? heap.allocateAt(domain.serial(), gfn + i, 1) ? gfn + i : -1
          : heap.allocate(domain.serial(), 1, 1);
      if (mfn < 0) {
        return -XenErrno.XEN_ENOMEM;
      }
      memory.clear(mfn << 12);
      map(domain, gfn + i, mfn, 1, PageType.RAM);
    }
    return 0;
  }

  @Override
  public void deviceMapping(Domain domain, DeviceMapping when) {
    devices.put(domain.serial(), when);
  }

  /** What was said of a domain last; when nothing was, what counts then. */
  public DeviceMapping deviceMapping(Domain domain) {
    return devices.getOrDefault(domain.serial(), DeviceMapping.REQUEST);
  }

  @Override
  public long root(Domain domain) {
    return 0;
  }

  @Override
  public long control() {
    return 0;
  }

  @Override
  public boolean fault(Vcpu vcpu, long ipa, boolean write) {
    return false;
  }

  @Override
  public long pages(Domain domain) {
    return map(domain).values().stream().filter(e -> e.type == PageType.RAM || e.type == PageType.RAM_READ_ONLY).count();
  }

  /** The domain is gone: drops what it held. */
  void forget(Domain domain) {
    TreeMap<Long, Entry> gone = domains.remove(domain.serial());
    if (gone != null) {
      gone.values().stream().filter(e -> e.type != PageType.DEVICE).forEach(e -> heap.drop(e.mfn));
    }
  }
}
