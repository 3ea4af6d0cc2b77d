// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.MessageTranslationPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.XenErrno;

/** The subsystem: virtual host bridges of guests, and the machine's as the hardware domain sees them. */
final class VirtualPciModel implements DeviceModel, VirtualPci, GuestMmio, DomainListener {
  private final DeviceState state = new DeviceState();
  private final DomainsPort domains;
  private final PciDevicesPort pci;
  private final VirtualPciPort port;
  private final GuestTrapsPort traps;
  private final HypervisorTracePort trace;
  private final Environment around;
  private final TreeMap<Integer, GuestBridge> bridges = new TreeMap<>();
  private final TreeMap<Integer, GuestFunction> functions = new TreeMap<>();
  private final HardwareDomain hardware;
  /** The bridges, for a look-up that makes no object. */
  private GuestBridge[] all = {};
  private GuestBridge last;
  /** Whether messages become ones of the machine's. */
  private final boolean translated;
  private final Bridge places;

  VirtualPciModel(DeviceContext context, Policy policy) {
    translated = policy.translated();
    places = translated ? GuestBridge.PLACES_IN_HOLE : GuestBridge.PLACES;
    domains = context.port(DomainsPort.class);
    pci = context.port(PciDevicesPort.class);
    port = context.port(VirtualPciPort.class);
    traps = context.port(GuestTrapsPort.class);
    trace = context.port(HypervisorTracePort.class);
    around = new Environment(new Hardware(context, context.memory().physical(), state),
        context.port(P2mPort.class), context.port(DeviceMessagesPort.class),
        context.port(MessageSharesPort.class), context.port(MessageTranslationPort.class), context.port(IommusPort.class),
        new Refusals(context.events()));
    state.children("bridges", this::forgetBridges, this::bridgeRecords, serial -> makeBridge(Integer.parseInt(serial)).state);
    state.children("functions", functions::clear, this::functionRecords, sbdf -> makeFunction(Integer.parseInt(sbdf)).state);
    hardware = new HardwareDomain(around, policy, domains, pci, functions, state);
    port.attach(this, context);
    traps.claim((GuestMmio) this, context);
    domains.listen(this, context);
  }

  // ---- records

  private void forgetBridges() {
    bridges.clear();
    bridgesChanged();
  }

  private void bridgesChanged() {
    all = bridges.values().toArray(GuestBridge[]::new);
    last = null;
  }

  private Map<String, DeviceState> bridgeRecords() {
    Map<String, DeviceState> records = new LinkedHashMap<>();
    bridges.forEach((serial, bridge) -> records.put(Integer.toString(serial), bridge.state));
    return records;
  }

  private Map<String, DeviceState> functionRecords() {
    Map<String, DeviceState> records = new LinkedHashMap<>();
    functions.forEach((sbdf, function) -> records.put(Integer.toString(sbdf), function.state));
    return records;
  }

  private GuestBridge makeBridge(int serial) {
    GuestBridge bridge = bridges.computeIfAbsent(serial, s -> new GuestBridge(s, places));
    bridgesChanged();
    return bridge;
  }

  private GuestFunction makeFunction(int sbdf) {
    GuestFunction function = new GuestFunction(sbdf, around, translated);
    functions.put(sbdf, function);
    return function;
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core == null) {
      return;
    }
    for (Domain domain : core.all()) {
      renewed(domain);
    }
    for (GuestFunction function : List.copyOf(functions.values())) {
      GuestBridge bridge = bridges.get((int) function.serial.value);
      if (bridge == null || bridge.domain == null) {
        drop(function);
      } else {
        bridge.add(function);
        function.restored();
      }
    }
    bridges.values().removeIf(bridge -> bridge.domain == null);
    bridgesChanged();
    if (hardware.domain() == null) {
      hardware.forget();
    }
    hardware.restored();
  }

  @Override
  public void removed() {
    port.detach(this);
    traps.release(this);
    domains.forget(this);
  }

  // ---- domains come and go

  @Override
  public void renewed(Domain domain) {
    GuestBridge bridge = bridges.get(domain.serial());
    if (bridge != null) {
      bridge.domain = domain;
    }
  }

  @Override
  public void destroyed(Domain domain) {
    if (domain.directMapped()) {
      hardware.forget();
    }
    GuestBridge gone = bridges.get(domain.serial());
    if (gone != null) {
      for (GuestFunction function : gone.functions()) {
        drop(function);
      }
      bridges.remove(domain.serial());
      bridgesChanged();
    }
  }

  // ---- VirtualPci

  @Override
  public int plug(PciFunction function, Domain owner) {
    if (functions.containsKey(function.sbdf())) {
      return -XenErrno.XEN_EBUSY;
    }
    if (owner.directMapped()) {
      return hardware.plug(function);
    }
    GuestBridge bridge = bridges.get(owner.serial());
    if (bridge == null || around.hardware().index(function.bridge()) < 0) {
      return -XenErrno.XEN_ENODEV;
    }
    if (function.guestSbdf() >>> 8 != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (bridge.at(function.guestSbdf()) != null) {
      return -XenErrno.XEN_EBUSY;
    }
    boolean registered = hardware.unplug(function.sbdf());
    int command = function.read(Header.COMMAND, 2);
    GuestFunction given = new GuestFunction(function.sbdf(), around, translated);
    given.guest = bridge;
    int error = given.begin(function, owner.serial());
    if (error == 0 && !alone(given)) {
      error = -XenErrno.XEN_EINVAL;
    }
    if (error != 0) {
      function.write(Header.COMMAND, 2, command);
      if (registered) {
        hardware.plug(function);
      }
      return error;
    }
    hardware.share(given, false);
    functions.put(given.sbdf, given);
    bridge.add(given);
    given.bars.permit();
    return 0;
  }

  /** Whether no other function has something in the pages of its BARs. */
  private boolean alone(GuestFunction function) {
    for (int i = 0; i < Header.BAR_COUNT; i++) {
      long host = function.bars.host(i);
      if (host >= 0) {
        long first = VirtualBars.first(host);
        long end = VirtualBars.end(host + function.bars.size(i));
        String other = HardwareDomain.taken(functions.values(), function, first, end) ? "a function of another domain"
            : neighbour(function, first, end);
        if (other != null) {
          function.refuse(Header.BARS + 4 * i, "BAR %d at 0x%x shares a page with %s: it can't be given away".formatted(i, host, other));
          return false;
        }
      }
    }
    return true;
  }

  /** Another known function of type 0 with a BAR that begins in these pages; null if there is none. */
  private String neighbour(GuestFunction function, long first, long end) {
    for (PciFunction other : pci.functions()) {
      HostBridgeWindows windows = around.hardware().at(around.hardware().index(other.bridge()));
      if (other.sbdf() != function.sbdf && windows != null && (other.read(Header.TYPE, 1) & ~Header.MULTIFUNCTION & 0xFF) == 0) {
        for (int i = 0; i < Header.BAR_COUNT; i++) {
          int low = other.read(Header.BARS + 4 * i, 4);
          boolean wide = (low & (Header.BAR_IO | Header.BAR_TYPE)) == Header.BAR_64 && i + 1 < Header.BAR_COUNT;
          long high = wide ? (long) other.read(Header.BARS + 4 * i + 4, 4) << 32 : 0;
          long bus = high | low & ~Header.BAR_FLAGS & 0xFFFF_FFFFL;
          long page = (low & Header.BAR_IO) != 0 || bus == 0 ? -1 : VirtualBars.first(windows.cpu(bus, 1));
          if (page >= first && page < end) {
            return Sbdf.text(other.sbdf());
          }
          i += wide ? 1 : 0;
        }
      }
    }
    return null;
  }

  private void drop(GuestFunction function) {
    functions.remove(function.sbdf);
    function.end();
    if (function.guest != null) {
      function.guest.remove(function);
      function.bars.forbid();
      // BARs of others may be in the same pages.
      for (GuestFunction other : function.guest.functions()) {
        other.bars.permit();
      }
    }
    hardware.share(function, true);
  }

  @Override
  public void unplug(PciFunction function) {
    GuestFunction gone = functions.get(function.sbdf());
    if (gone != null) {
      drop(gone);
    } else {
      hardware.unplug(function.sbdf());
    }
  }

  @Override
  public void reset(PciFunction function) {
    GuestFunction here = functions.get(function.sbdf());
    if (here != null) {
      here.wasReset();
    } else {
      hardware.reset(function.sbdf());
    }
  }

  @Override
  public Bridge bridge(Domain domain) {
    if (domain.kind() != DomainSpec.Kind.DOMU) {
      return null;
    }
    makeBridge(domain.serial()).domain = domain;
    return places;
  }

  @Override
  public Bridge facts(Domain domain) {
    return of(domain.serial()) == null ? null : places;
  }

  @Override
  public List<AddressWindow> withheld() {
    return new ArrayList<>(hardware.withheld());
  }

  @Override
  public int request(Domain domain, long mfn, long gfn) {
    return domain.directMapped() ? hardware.request(mfn, gfn) : -XenErrno.XEN_ENODEV;
  }

  @Override
  public boolean requested(Domain domain, long gfn) {
    return domain.directMapped() && hardware.requested(gfn);
  }

  // ---- GuestMmio

  private GuestBridge of(int serial) {
    if (last != null && last.serial == serial) {
      return last;
    }
    for (int i = 0; i < all.length; i++) {
      if (all[i].serial == serial) {
        last = all[i];
        return last;
      }
    }
    return null;
  }

  @Override
  public boolean covers(Domain domain, long ipa) {
    if (domain.directMapped()) {
      return hardware.covers(ipa);
    }
    GuestBridge bridge = of(domain.serial());
    return bridge != null && bridge.covers(ipa);
  }

  @Override
  public long read(Vcpu vcpu, long ipa, int size) {
    if (vcpu.domain().directMapped()) {
      return hardware.read(ipa, size);
    }
    GuestBridge bridge = of(vcpu.domain().serial());
    long value = bridge == null ? Header.none(size) : bridge.read(ipa, size);
    if (trace.on()) {
      tell(vcpu, bridge, ipa, size, false, value);
    }
    return value;
  }

  @Override
  public void write(Vcpu vcpu, long ipa, int size, long value) {
    if (vcpu.domain().directMapped()) {
      hardware.write(ipa, size, value);
    } else {
      GuestBridge bridge = of(vcpu.domain().serial());
      if (bridge != null) {
        bridge.write(ipa, size, value);
      }
      if (trace.on()) {
        tell(vcpu, bridge, ipa, size, true, value);
      }
    }
  }

  private void tell(Vcpu vcpu, GuestBridge bridge, long ipa, int size, boolean write, long value) {
    if (bridge != null && bridge.configures(ipa)) {
      trace.configured(vcpu.domain().id(), bridge.routingId(ipa), (int) ipa & Header.SIZE - 1, size, write, value);
    }
  }
}
