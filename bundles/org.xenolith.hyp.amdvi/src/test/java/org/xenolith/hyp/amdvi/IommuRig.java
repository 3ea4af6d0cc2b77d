// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeX64Cpu;

/** A hypervisor with an IOMMU, a function of the bridge whose other functions are behind it; those of bus 1 are all one stream. */
final class IommuRig {
  static final AddressWindow WINDOW = new AddressWindow(0xFED8_0000L, 0x4000);
  private static final AddressWindow SECOND_WINDOW = new AddressWindow(0xFED9_0000L, 0x4000);
  static final String SECOND = "/pcie@c0000000/iommu@1e,0";
  static final String IOMMU = "/pcie@b0000000/iommu@1f,0";
  static final int FUNCTION = 0xF8;
  static final int SHARED = 0x100;
  static final int IO_APIC = 0xA0;
  static final int MSI = 0x54;
  private static final String ROLE = "iommu";

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final FakeIommu hardware = new FakeIommu(hypervisor.memory());
  final FakeConfiguration configuration = new FakeConfiguration();
  final IommusPort iommu = hypervisor.port(IommusPort.class);
  final P2mPort p2m = hypervisor.port(P2mPort.class);
  final HostBridgePort bridge;
  final DeviceModel model;
  /** Whether a domain has no tables. */
  boolean rootless;
  /** What mapping gives. */
  int mapped;

  /** Another one, of another bridge's functions, if there is one. */
  final FakeIommu second = new FakeIommu(hypervisor.memory());

  /**
   * What else its node may say.
   *
   * @param unity   the option
   * @param path    of the IOMMU's node
   * @param segment of its bridge
   * @param reg     cells
   * @param two     whether there is another one
   */
  record Node(String unity, String path, int segment, int[] reg, boolean two) {
    Node(String unity) {
      this(unity, IOMMU, 0, new int[] {0xF800, 0, 0, 0, 0}, false);
    }
  }

  IommuRig() {
    this("");
  }

  /** @param unity the option of the IOMMU's node */
  IommuRig(String unity) {
    this(new Node(unity));
  }

  IommuRig(Node described) {
    hypervisor.cpu(0).platformObject(new FakeX64Cpu());
    PlatformNode host = FakeNode.at("/pcie@b0000000").compatible("a-bridge").property(FdtProperty.ofStrings("device_type", "pci"))
        .cells("linux,pci-domain", described.segment)
        .cells("iommu-map", 0, 7, 0, 0xF8, 0xF9, 7, 0xF9, 7, SHARED, 7, SHARED, 1, SHARED + 1, 7, SHARED, 1, 0x200, 7, 0x200, 0x200)
        .build();
    PlatformNode node = FakeNode.at(described.path).compatible("xenolith,amd-iommu").cells("reg", described.reg)
        .cells("amd,registers", 0, (int) WINDOW.base(), 0, 0x4000).cells("phandle", 7).option("unity", described.unity).build();
    PlatformNode controller = FakeNode.at("/interrupt-controller@fec00000").cells("iommus", 7, IO_APIC).build();
    hypervisor.beside(host, node, controller);
    if (described.two) {
      hypervisor.beside(FakeNode.at("/pcie@c0000000").compatible("no-bridge").property(FdtProperty.ofStrings("device_type", "pci")).cells(
          "iommu-map", 0, 9, 0, 0x200).cells("linux,pci-domain", 1).build(), FakeNode.at(SECOND).compatible("xenolith,amd-iommu").cells(
              "reg", 0xF000, 0, 0, 0, 0).cells("amd,registers", 0, (int) SECOND_WINDOW.base(), 0, 0x4000).cells("phandle", 9).build());
      hypervisor.machine().window(SECOND_WINDOW, second);
    }
    present(true);
    configuration.add(FUNCTION, 0x1419_1022).put(6, 2, 1 << 4).put(0x34, 1, 0x40).put(0x40, 2, 0x540F).put(MSI, 4, 0x80_0005);
    model = hypervisor.install(ROLE, new AmdViDriverComponent());
    HostBridgesPort bridges = hypervisor.port(HostBridgesPort.class);
    bridges.claim(new Driver(configuration), context());
    bridge = bridges.all().getFirst();
    p2m.attach(new Roots(hypervisor.p2m()), context());
  }

  FakeContext context() {
    return hypervisor.context(ROLE);
  }

  /** Whether the IOMMU answers. */
  void present(boolean now) {
    hypervisor.machine().window(WINDOW, now ? hardware : null);
  }

  /** Its place reads all ones, as where a device was taken out. */
  void takenOut() {
    hypervisor.machine().window(WINDOW, new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return -1;
      }

      @Override
      public void write(long offset, int size, long value) {}
    });
  }

  /** A domain, with which the IOMMU is brought up if it is the first. */
  FakeDomain dom0() {
    return hypervisor.dom0(1);
  }

  /** The vector by which the IOMMU interrupts, as its function has it. */
  int vector() {
    return configuration.at(FUNCTION).get(MSI + 12, 2);
  }

  /** @return whether somebody served it */
  boolean interrupt() {
    return hypervisor.port(HostVectorsPort.class).serve(hypervisor.cpu(0), vector());
  }

  void replace() {
    hypervisor.replace(ROLE, new AmdViDriverComponent());
  }

  /** Takes the driver out, lets something happen, brings it back. */
  void without(Runnable happens) {
    var record = hypervisor.remove(ROLE);
    happens.run();
    hypervisor.bringBack(ROLE, new AmdViDriverComponent(), record);
  }

  static long root(Domain domain) {
    return 0x4100_0000L + 0x1000L * domain.serial();
  }

  /** Word of a stream's entry in the table that the IOMMU has. */
  long entry(long stream, int word) {
    return hypervisor.memory().read64((hardware.get(IommuRegisters.DEVICE_TABLE) & 0xF_FFFF_FFFF_F000L) + 32 * stream + 8 * word);
  }

  /** Entry of a message in a stream's table. */
  int message(long stream, int vector) {
    return hypervisor.memory().read32((entry(stream, 2) & 0xF_FFFF_FFFF_FFC0L) + 4L * vector);
  }

  List<String> events(String kind) {
    return context().reportedEvents().stream().filter(e -> e.kind().equals(kind)).map(FakeContext.Event::text).toList();
  }

  String log() {
    HypervisorLogPort log = hypervisor.port(HypervisorLogPort.class);
    StringBuilder text = new StringBuilder();
    for (long at = Math.max(0, log.end() - HypervisorLogPort.SIZE); at < log.end(); at++) {
      text.append((char) log.at(at));
    }
    return text.toString();
  }

  private record Driver(FakeConfiguration configuration) implements HostBridgeDriver {
    @Override
    public List<String> compatible() {
      return List.of("a-bridge");
    }

    @Override
    public HostBridge open(PlatformNode node, PhysicalBus bus) {
      return new Bridge(configuration);
    }
  }

  private record Bridge(FakeConfiguration space) implements HostBridge {
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
      return List.of();
    }

    @Override
    public int read(int rid, int register, int size) {
      return space.read(rid, register, size);
    }

    @Override
    public void write(int rid, int register, int size, int value) {
      space.write(rid, register, size, value);
    }

    @Override
    public long trappedRead(PciConfiguration seen, long address, int size) {
      return -1;
    }

    @Override
    public void trappedWrite(PciConfiguration seen, long address, int size, long value) {}
  }

  /** The fake one with roots. */
  private final class Roots implements P2m {
    private final P2m under;

    Roots(P2m under) {
      this.under = under;
    }

    @Override
    public long translate(Domain domain, long ipa, boolean write) {
      return under.translate(domain, ipa, write);
    }

    @Override
    public PageType type(Domain domain, long gfn) {
      return under.type(domain, gfn);
    }

    @Override
    public int map(Domain domain, long gfn, long mfn, long count, PageType type) {
      return mapped != 0 ? mapped : under.map(domain, gfn, mfn, count, type);
    }

    @Override
    public int unmap(Domain domain, long gfn, long count) {
      return under.unmap(domain, gfn, count);
    }

    @Override
    public int populate(Domain domain, long gfn, long count) {
      return under.populate(domain, gfn, count);
    }

    @Override
    public long root(Domain domain) {
      return rootless ? 0 : IommuRig.root(domain);
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
      return 0;
    }
  }
}
