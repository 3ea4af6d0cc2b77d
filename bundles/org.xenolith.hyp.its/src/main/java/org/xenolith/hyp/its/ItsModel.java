// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import java.util.List;
import java.util.OptionalInt;
import org.xenolith.hyp.api.DeviceMessages;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.hyp.kit.DomainParts;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.RequesterId;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.XenErrno;

/** Messages of devices to domains: whose a message is the machine's ITS says, by the LPI that it makes of it. */
final class ItsModel implements DeviceModel, DeviceMessages, DomainListener, HostInterrupt {
  /** Where guests other than the hardware domain have theirs: free in the guest map of Xen's tools. */
  private static final long GUEST_BASE = 0x0808_0000L;
  private static final int MOST_DEVICES = 1 << 16;

  private final DeviceContext context;
  private final DeviceMessagesPort port;
  private final VirtualGicPort gic;
  private final DomainsPort domainsPort;
  private final GuestTrapsPort traps;
  private final P2mPort p2m;

  private final DeviceState state = new DeviceState();
  private final HostIts host;
  private final HostDevices devices;
  private final DomainParts<DomainIts> domains;
  private final GuestCommands commands;
  private final GuestFrame frame;

  ItsModel(DeviceContext context) {
    this.context = context;
    port = context.port(DeviceMessagesPort.class);
    gic = context.port(VirtualGicPort.class);
    domainsPort = context.port(DomainsPort.class);
    traps = context.port(GuestTrapsPort.class);
    p2m = context.port(P2mPort.class);
    PhysicalBus bus = context.memory().physical();
    host = new HostIts(context, state, bus, new MachineMemory(bus), context.processors().cpus().size());
    devices = new HostDevices(host, state);
    domains = new DomainParts<>(state, domainsPort, DomainIts::new);
    commands = new GuestCommands(context, domains, devices, gic);
    frame = new GuestFrame(domains, commands);
    port.attach(this, context);
    gic.claimHostLpis(this, context);
    domainsPort.listen(this, context);
    traps.claim(frame, context);
  }

  // ---- DeviceModel

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    commands.stop();
    state.reset();
    devices.restored();
  }

  /** Drops what belongs to domains that are gone. */
  @Override
  public void restored() {
    devices.restored();
    Domains present = domainsPort.domains();
    if (present != null) {
      for (DomainIts its : List.copyOf(domains.all())) {
        if (present.all().stream().noneMatch(domain -> domain.serial() == its.serial)) {
          forget(its);
        }
      }
    }
    commands.resume();
  }

  @Override
  public void removed() {
    port.detach(this);
    gic.releaseHostLpis(this);
    domainsPort.forget(this);
    traps.release(frame);
  }

  // ---- Domains

  @Override
  public void renewed(Domain domain) {
    domains.of(domain);
  }

  @Override
  public void destroyed(Domain domain) {
    DomainIts its = domains.of(domain);
    if (its != null) {
      forget(its);
    }
  }

  private void forget(DomainIts its) {
    devices.takeAll(its.serial);
    domains.remove(its);
  }

  // ---- Messages

  @Override
  public void interrupt(CpuPort cpu, int lpi) {
    HostDevice device = devices.owner(lpi);
    DomainIts its = device == null ? null : domains.of((int) device.serial.value);
    if (its != null && its.isEnabled()) {
      int event = devices.event(lpi);
      Vcpu vcpu = its.target(device.collection[event]);
      if (vcpu != null) {
        gic.inject(vcpu, device.guestLpi[event]);
      }
    }
  }

  // ---- DeviceMessages

  @Override
  public OptionalInt device(HostBridgePort bridge, int rid) {
    if (host.node() == null) {
      return OptionalInt.empty();
    }
    try {
      RequesterId found = RequesterId.message(context.platform(), bridge.node(), rid).orElse(null);
      return found == null || !found.at().path().equals(host.node().path()) ? OptionalInt.empty() : OptionalInt.of((int) found.id());
    } catch (PlatformException broken) {
      return OptionalInt.empty();
    }
  }

  @Override
  public int give(int device, Domain domain, int guestDevice) {
    DomainIts its = domains.of(domain);
    if (its == null) {
      return -XenErrno.XEN_ENODEV;
    }
    if (device < 0 || device >= MOST_DEVICES) {
      return -XenErrno.XEN_EINVAL;
    }
    HostDevice same = devices.of(its.serial, guestDevice & 0xFFFF_FFFFL);
    if (same != null && same.device != device) {
      return -XenErrno.XEN_EEXIST;
    }
    take(device);
    devices.give(device, its.serial, guestDevice);
    return 0;
  }

  @Override
  public void take(int device) {
    HostDevice taken = devices.get(device);
    if (taken == null) {
      return;
    }
    DomainIts its = domains.of((int) taken.serial.value);
    for (int event = 0; its != null && its.domain() != null && event < taken.lpi.length; event++) {
      if (taken.isMapped(event)) {
        gic.clearLpi(its.domain(), taken.guestLpi[event]);
      }
    }
    devices.take(taken);
  }

  @Override
  public Its its(Domain domain) {
    if (domains.of(domain) == null) {
      if (domain.kind() == DomainSpec.Kind.SERVICE || host.node() == null || !gic.giveLpis(domain) || !host.start()) {
        return null;
      }
      long base = domain.kind() == DomainSpec.Kind.DOM0 ? host.base() : GUEST_BASE;
      // Devices write there, through an SMMU with the domain's stage 2; a CPU's own write does nothing at the machine's ITS.
      int error = p2m.map(domain, base + GuestFrame.SIZE >>> 12, host.base() + GuestFrame.SIZE >>> 12, GuestFrame.SIZE >>> 12,
          PageType.DEVICE);
      if (error != 0) {
        context.events().report("its-map", context.instance(),
            "domain %d: the translation frame of its ITS at 0x%x can't be mapped: error %d".formatted(domain.id(), base, error));
        return null;
      }
      domains.add(new DomainIts(domain.serial(), domain.vcpus().size()), domain).base.value = base;
    }
    return facts(domain);
  }

  @Override
  public Its facts(Domain domain) {
    DomainIts its = domains.of(domain);
    return its == null ? null : new Its(new AddressWindow(its.base.value, 2 * GuestFrame.SIZE));
  }
}
