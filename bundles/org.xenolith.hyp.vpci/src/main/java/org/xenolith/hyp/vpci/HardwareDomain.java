// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.XenErrno;

/** What the hardware domain has of PCI: the machine's bridges by trapping, and functions that it registered. */
final class HardwareDomain {
  final Environment around;
  final Policy policy;
  private final DomainsPort domains;
  private final PciDevicesPort pci;
  /** Functions of guests by their address. */
  private final Map<Integer, GuestFunction> guests;
  private final TreeMap<Integer, HardwareFunction> functions = new TreeMap<>();

  HardwareDomain(Environment around, Policy policy, DomainsPort domains, PciDevicesPort pci, Map<Integer, GuestFunction> guests,
      DeviceState state) {
    this.around = around;
    this.policy = policy;
    this.domains = domains;
    this.pci = pci;
    this.guests = guests;
    state.children("hardware", functions::clear, this::records, sbdf -> make(Integer.parseInt(sbdf)).state);
  }

  private Map<String, DeviceState> records() {
    Map<String, DeviceState> records = new LinkedHashMap<>();
    functions.forEach((sbdf, function) -> records.put(Integer.toString(sbdf), function.state));
    return records;
  }

  private HardwareFunction make(int sbdf) {
    return functions.computeIfAbsent(sbdf, s -> new HardwareFunction(s, this));
  }

  /** The hardware domain; null if there is none. */
  Domain domain() {
    Domains core = domains.domains();
    Domain first = core == null ? null : core.byId(0);
    return first != null && first.directMapped() ? first : null;
  }

  // ---- functions

  int plug(PciFunction function) {
    int index = around.hardware().index(function.bridge());
    if (index < 0) {
      return -XenErrno.XEN_ENODEV;
    }
    make(function.sbdf()).begin(index);
    return 0;
  }

  /** @return whether it was the hardware domain's */
  boolean unplug(int sbdf) {
    HardwareFunction gone = functions.remove(sbdf);
    if (gone != null) {
      gone.end();
    }
    return gone != null;
  }

  void reset(int sbdf) {
    HardwareFunction function = functions.get(sbdf);
    if (function != null) {
      function.messages.clear();
      function.settle();
    }
  }

  /** Bus numbers changed: stage 2 follows what is at a function's address now. One that isn't there keeps its messages, for when it is back. */
  private void arrive(HardwareFunction function) {
    if (function.replaced()) {
      function.messages.forget();
      HardwareFunction other = new HardwareFunction(function.sbdf, this);
      functions.put(function.sbdf, other);
      other.begin(function.host().index);
    } else {
      function.settle();
    }
  }

  /** The hardware domain is gone. */
  void forget() {
    functions.clear();
  }

  /** Whether a BAR of a guest's function is in these pages. */
  boolean given(long first, long end) {
    return taken(guests.values(), null, first, end);
  }

  static boolean taken(Collection<GuestFunction> all, GuestFunction but, long first, long end) {
    for (GuestFunction function : all) {
      if (function != but && function.bars.has(first, end)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a BAR of one of its functions is mapped in a page. */
  boolean mapped(long page) {
    for (HardwareFunction function : functions.values()) {
      if (function.mapped(page)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a BAR of one of its functions is mapped in some of these pages. */
  boolean mapped(long first, long end) {
    for (HardwareFunction function : functions.values()) {
      if (function.mapped(first, end)) {
        return true;
      }
    }
    return false;
  }

  /**
   * BARs of a function that became a guest's are permitted no longer and go from its stage 2, or come back. What is mapped when it is used
   * stays away until then.
   */
  void share(GuestFunction function, boolean back) {
    Domain domain = domain();
    if (domain == null) {
      return;
    }
    for (int i = 0; i < Header.BAR_COUNT; i++) {
      if (function.bars.host(i) >= 0) {
        long first = VirtualBars.first(function.bars.host(i));
        long count = VirtualBars.end(function.bars.host(i) + function.bars.size(i)) - first;
        Frames frames = new Frames(first, first + count - 1);
        if (!(back ? domain.permissions().permit(frames) : domain.permissions().forbid(frames))) {
          around.refusals().report(function.sbdf, Header.BARS + 4 * i, domain, "it has too many ranges of frames to %s BAR %d"
              .formatted(back ? "be permitted" : "lose", i));
        }
        if (policy.apertures()) {
          continue;
        }
        int error = back ? around.p2m().map(domain, first, first, count, PageType.DEVICE) : around.p2m().unmap(domain, first, count);
        if (error != 0) {
          around.refusals().report(function.sbdf, Header.BARS + 4 * i, domain,
              "the domain's memory map doesn't %s BAR %d (%d)".formatted(back ? "take back" : "give up", i, error));
        }
      }
    }
  }

  // ---- mapping by hypercall

  /** @return 0 if a frame may be mapped, or a negative errno. Elsewhere it would stay when its function goes to another domain. */
  int request(long page, long place) {
    if (!aperture(page)) {
      return -XenErrno.XEN_ENODEV;
    }
    if (place != page) {
      return -XenErrno.XEN_EINVAL;
    }
    if (!policy.apertures()) {
      return -XenErrno.XEN_ENODEV;
    }
    if (policy.mmio() != Policy.Mmio.HYPERCALL) {
      return mapped(page) ? 0 : -XenErrno.XEN_EPERM;
    }
    boolean found = false;
    if (!given(page, page + 1)) {
      for (HardwareFunction function : functions.values()) {
        found |= function.request(page);
      }
    }
    return found ? 0 : -XenErrno.XEN_EPERM;
  }

  boolean requested(long page) {
    return policy.mmio() == Policy.Mmio.HYPERCALL && mapped(page);
  }

  private boolean aperture(long page) {
    long address = page << VirtualBars.PAGE_BITS;
    for (HostBridgeWindows bridge : around.hardware().known()) {
      if (VirtualBars.first(address) == page && bridge.reaches(address)) {
        return true;
      }
    }
    return false;
  }

  // ---- windows

  List<AddressWindow> withheld() {
    List<AddressWindow> all = new ArrayList<>();
    if (policy.trapped()) {
      for (HostBridgeWindows bridge : around.hardware().known()) {
        if (bridge.port.present()) {
          long[] windows = bridge.configuration();
          for (int i = 0; i < windows.length; i += 2) {
            all.add(new AddressWindow(windows[i], windows[i + 1]));
          }
          if (policy.apertures()) {
            all.addAll(bridge.apertures());
          }
        }
      }
    }
    return all;
  }

  boolean covers(long ipa) {
    if (policy.trapped()) {
      HostBridgeWindows[] bridges = around.hardware().known();
      for (int i = 0; i < bridges.length; i++) {
        if (bridges[i].configures(ipa) || policy.apertures() && bridges[i].reaches(ipa)) {
          return true;
        }
      }
    }
    return false;
  }

  private HostBridgeWindows configured(long ipa) {
    for (HostBridgeWindows bridge : around.hardware().known()) {
      if (bridge.configures(ipa)) {
        if (bridge.seen == null) {
          bridge.seen = new View(bridge);
        }
        return bridge;
      }
    }
    return null;
  }

  long read(long ipa, int size) {
    if ((ipa & size - 1) != 0) {
      return Header.none(size);
    }
    HostBridgeWindows bridge = configured(ipa);
    if (bridge != null) {
      return bridge.port.trappedRead(bridge.seen, ipa, size) & Header.none(size);
    }
    HardwareFunction function = messages(ipa);
    if (function != null) {
      return function.messages.load(ipa, size);
    }
    return fault(ipa) ? around.hardware().read(ipa, size) : Header.none(size);
  }

  void write(long ipa, int size, long value) {
    if ((ipa & size - 1) == 0) {
      HostBridgeWindows bridge = configured(ipa);
      if (bridge != null) {
        bridge.port.trappedWrite(bridge.seen, ipa, size, value);
        return;
      }
      HardwareFunction function = messages(ipa);
      if (function != null) {
        function.messages.store(ipa, size, value);
      } else if (fault(ipa)) {
        around.hardware().write(ipa, size, value);
      }
    }
  }

  /** The function whose table of messages is in that page; null if none is. */
  private HardwareFunction messages(long ipa) {
    for (HardwareFunction function : functions.values()) {
      if (function.messages.covers(ipa)) {
        return function;
      }
    }
    return null;
  }

  /** A record was restored. */
  void restored() {
    functions.values().forEach(function -> function.messages.restored());
  }

  /** An access in a bridge's window to memory where nothing is mapped. @return whether there is something now */
  private boolean fault(long ipa) {
    boolean found = false;
    if (policy.mmio() == Policy.Mmio.FAULT) {
      for (HardwareFunction function : functions.values()) {
        found |= function.fault(VirtualBars.first(ipa));
      }
    }
    if (!found) {
      around.refusals().nothing(domain(), ipa);
    }
    return found;
  }

  /** The buses behind one bridge as the hardware domain sees them. */
  private final class View implements PciConfiguration {
    private final HostBridgeWindows bridge;

    View(HostBridgeWindows bridge) {
      this.bridge = bridge;
    }

    private int sbdf(int rid) {
      return Sbdf.of(bridge.port.segment(), rid);
    }

    /** Whether a function is another domain's, or nobody's. One that nobody registered is there to be found. */
    private boolean hidden(int sbdf) {
      if (guests.containsKey(sbdf)) {
        return true;
      }
      if (functions.containsKey(sbdf)) {
        return false;
      }
      PciFunction known = pci.at(sbdf);
      Domain domain = domain();
      return known != null && (domain == null || known.owner() != domain.serial());
    }

    @Override
    public int read(int rid, int register, int size) {
      if (!hidden(sbdf(rid))) {
        HardwareFunction function = functions.get(sbdf(rid));
        return function == null ? bridge.port.read(rid, register, size) : function.configured(register, size);
      }
      if (policy.hide() == Policy.Hide.ABSENT) {
        return (int) Header.none(size);
      }
      int shown = switch (register & ~3) {
        case Header.ID, Header.CLASS, Header.SUBSYSTEM -> bridge.port.read(rid, register & ~3, 4);
        case Header.CACHE_LINE -> bridge.port.read(rid, Header.CACHE_LINE, 4) & 0xFF_0000;
        default -> 0;
      };
      return (int) (shown >>> 8 * (register & 3) & Header.none(size));
    }

    @Override
    public void write(int rid, int register, int size, int value) {
      int sbdf = sbdf(rid);
      if (hidden(sbdf)) {
        around.refusals().report(sbdf, register, domain(), "the function is another domain's");
        return;
      }
      if (around.iommus().drives(sbdf)) {
        around.refusals().report(sbdf, register, domain(), "the function is an IOMMU that the hypervisor drives");
        return;
      }
      if (Buses.written(bridge.port, rid, register, size)) {
        renumber(rid, register, size, value);
      } else {
        pass(rid, register, size, value);
      }
    }

    private void pass(int rid, int register, int size, int value) {
      HardwareFunction function = functions.get(sbdf(rid));
      if (function == null) {
        bridge.port.write(rid, register, size, value);
      } else {
        function.configure(register, size, value);
      }
    }

    /** Bus numbers of a bridge: what is at an address afterwards may be another function, or none. */
    private void renumber(int rid, int register, int size, int value) {
      Buses before = Buses.of(bridge.port, rid);
      Buses after = Buses.after(bridge.port, rid, register, size, value);
      if (before.equals(after)) {
        pass(rid, register, size, value);
        return;
      }
      for (PciFunction known : pci.functions()) {
        int bus = Sbdf.rid(known.sbdf()) >>> 8;
        if (known.bridge() == bridge.port && hidden(known.sbdf()) && (before.reach(bus) || after.reach(bus))) {
          around.refusals().report(sbdf(rid), register, domain(), "bus numbers stay: " + Sbdf.text(known.sbdf()) + " is another domain's");
          return;
        }
      }
      pass(rid, register, size, value);
      List<HardwareFunction> moved = new ArrayList<>();
      for (HardwareFunction function : functions.values()) {
        if (function.on(bridge.index, before) || function.on(bridge.index, after)) {
          moved.add(function);
        }
      }
      moved.forEach(HardwareFunction::leave);
      moved.forEach(HardwareDomain.this::arrive);
    }
  }
}
