// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.DeviceMessages;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.api.PciDevices;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;

/** A hypervisor with an ECAM host bridge whose window to memory leads to RAM that stands in for registers of functions. */
final class PciBoard {
  static final String ROLE = "vpci";
  static final long ECAM = 0x3F00_0000L;
  /** Eight buses. */
  static final long ECAM_SIZE = 8 << 20;
  /** Where CPUs see the bridge's memory, and the bus. */
  static final long CPU = FakeMachine.RAM + (32 << 20);
  static final long BUS = 0x1000_0000L;
  static final long APERTURE = 16 << 20;
  static final long DOORBELL = 0x0809_0040L;
  static final long GUEST_ECAM = 0x1000_0000L;
  static final long GUEST_MEMORY = 0x2300_0000L;

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final VirtualPciPort vpci = hypervisor.port(VirtualPciPort.class);
  final Map<Integer, CardFunction> cards = new TreeMap<>();
  /** Which one is at an address, for a test that has bridges. */
  IntFunction<CardFunction> routes = cards::get;
  final Map<Integer, PciFunction> known = new TreeMap<>();
  final FakeDomain dom0 = hypervisor.dom0(1);
  final Bridge bridge = new Bridge();
  final WatchedP2m p2m = new WatchedP2m(hypervisor.p2m());
  /** The one that was put in first. */
  final DeviceModel model;

  PciBoard() {
    this(new Policy(Policy.ConfigAccess.TRAP, Policy.Hide.ABSENT, Policy.Mmio.AHEAD, false));
  }

  PciBoard(Policy policy) {
    hypervisor.install("pcihost", factory(context -> {
      ((FakeContext) context).beside(node());
      context.port(HostBridgesPort.class).claim(new Driver(), context);
      return new Nothing();
    }));
    hypervisor.port(DeviceMessagesPort.class).attach(new Doorbell(), hypervisor.context("pcihost"));
    hypervisor.port(P2mPort.class).attach(p2m, hypervisor.context("pcihost"));
    hypervisor.port(PciDevicesPort.class).attach(new Known(), hypervisor.context("pcihost"));
    model = hypervisor.install(ROLE, subsystem(policy));
  }

  static DeviceModelFactory subsystem(Policy policy) {
    return factory(context -> new VirtualPciModel(context, policy));
  }

  private static PlatformNode node() {
    return FakeNode.at("/pcie@3f000000").compatible("pci-host-ecam-generic").property(FdtProperty.ofStrings("device_type", "pci"))
        .window(ECAM, ECAM_SIZE).cells("ranges", 0x0200_0000, 0, (int) BUS, 0, (int) CPU, 0, (int) APERTURE).build();
  }

  private static DeviceModelFactory factory(java.util.function.Function<DeviceContext, DeviceModel> make) {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("test", "", "");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        return make.apply(context);
      }
    };
  }

  // ---- what a test does

  HostBridgePort host() {
    return hypervisor.port(HostBridgesPort.class).all().getFirst();
  }

  /** A function whose BARs the host put at so many MiB of the bridge's memory. */
  CardFunction card(int rid, int mebibytes) {
    CardFunction card = new CardFunction(0x1000 + rid);
    card.write(0x10, 4, (int) BUS + (mebibytes << 20));
    card.write(0x18, 4, (int) BUS + (mebibytes << 20) + 0x8000);
    cards.put(rid, card);
    return card;
  }

  PciFunction function(int rid, Domain owner, int devfn) {
    PciFunction function = new PciFunction(rid, host(), owner.serial(), owner.directMapped() ? rid : devfn, false);
    known.put(rid, function);
    return function;
  }

  int give(int rid, Domain owner, int devfn) {
    return vpci.plug(function(rid, owner, devfn), owner);
  }

  /** A guest with a virtual bridge. */
  FakeDomain guest(int id) {
    FakeDomain guest = hypervisor.domU(id, 1);
    vpci.bridge(guest);
    return guest;
  }

  GuestMmio at(FakeDomain domain, long ipa) {
    GuestTrapsPort.Claim<GuestMmio> claim = hypervisor.port(GuestTrapsPort.class).window(domain, ipa);
    return claim == null ? null : claim.handler();
  }

  long read(FakeDomain domain, long ipa, int size) {
    return at(domain, ipa).read(domain.vcpu(0), ipa, size);
  }

  void write(FakeDomain domain, long ipa, int size, long value) {
    at(domain, ipa).write(domain.vcpu(0), ipa, size, value);
  }

  /** A register of a guest's function, or of the hardware domain's. */
  static long register(FakeDomain domain, int rid, int register) {
    return (domain.directMapped() ? ECAM : GUEST_ECAM) + (rid << 12) + register;
  }

  long config(FakeDomain domain, int rid, int register, int size) {
    return read(domain, register(domain, rid, register), size);
  }

  void config(FakeDomain domain, int rid, int register, int size, long value) {
    write(domain, register(domain, rid, register), size, value);
  }

  PageType type(FakeDomain domain, long ipa) {
    return hypervisor.p2m().type(domain, ipa >>> 12);
  }

  List<FakeContext.Event> events() {
    return hypervisor.context(ROLE).reportedEvents();
  }

  // ---- the fakes

  /** The driver and its bridge, an ECAM one without registers. */
  private final class Driver implements HostBridgeDriver {
    @Override
    public List<String> compatible() {
      return List.of("pci-host-ecam-generic");
    }

    @Override
    public HostBridge open(PlatformNode node, PhysicalBus bus) {
      return bridge;
    }
  }

  final class Bridge implements HostBridge {
    @Override
    public int firstBus() {
      return 0;
    }

    @Override
    public int lastBus() {
      return 255;
    }

    @Override
    public List<AddressWindow> configuration() {
      return List.of(new AddressWindow(ECAM, ECAM_SIZE));
    }

    @Override
    public int read(int rid, int register, int size) {
      CardFunction card = routes.apply(rid);
      return card == null ? (int) Header.none(size) : card.read(register, size);
    }

    @Override
    public void write(int rid, int register, int size, int value) {
      CardFunction card = routes.apply(rid);
      if (card != null) {
        card.write(register, size, value);
      }
    }

    @Override
    public long trappedRead(PciConfiguration seen, long address, int size) {
      int offset = (int) (address - ECAM);
      return size > 4 ? -1 : seen.read(offset >>> 12, offset & 0xFFF, size) & Header.none(size);
    }

    @Override
    public void trappedWrite(PciConfiguration seen, long address, int size, long value) {
      int offset = (int) (address - ECAM);
      if (size <= 4) {
        seen.write(offset >>> 12, offset & 0xFFF, size, (int) value);
      }
    }
  }

  private static final class Nothing implements DeviceModel {
    private final DeviceState state = new DeviceState();

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {}
  }

  private static final class Doorbell implements DeviceMessages {
    @Override
    public OptionalInt device(HostBridgePort host, int rid) {
      return OptionalInt.of(rid);
    }

    @Override
    public int give(int device, Domain domain, int guestDevice) {
      return 0;
    }

    @Override
    public void take(int device) {}

    @Override
    public Its its(Domain domain) {
      return facts(domain);
    }

    @Override
    public Its facts(Domain domain) {
      return new Its(new AddressWindow(DOORBELL - 0x1_0040, 0x2_0000));
    }
  }

  private final class Known implements PciDevices {
    @Override
    public int add(int sbdf, int flags, int physical) {
      return 0;
    }

    @Override
    public int remove(int sbdf) {
      return 0;
    }

    @Override
    public int reset(int sbdf, int kind) {
      return 0;
    }

    @Override
    public List<PciFunction> functions() {
      return new ArrayList<>(known.values());
    }

    @Override
    public PciFunction at(int sbdf) {
      return known.get(sbdf);
    }

    @Override
    public List<Integer> group(int sbdf) {
      return List.of(sbdf);
    }

    @Override
    public void assignable(int sbdf, boolean on) {}

    @Override
    public void testAssign(int sbdf) {}

    @Override
    public int assign(int sbdf, Domain domain, int slot) {
      return slot;
    }

    @Override
    public void deassign(int sbdf, Domain domain) {}
  }
}
