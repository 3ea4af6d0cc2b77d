// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** A hypervisor with an SMMU and a host bridge behind it, whose functions of bus 1 are all one stream. */
final class Rig {
  static final String SMMU = "/smmuv3@9050000";
  static final AddressWindow WINDOW = new AddressWindow(0x0905_0000, 0x2_0000);
  static final int EVENTS_INTID = 32 + 74;
  static final int SHARED = 0x100;
  /** VTCR_EL2 of 40-bit addresses: two tables of level 1, 48 bits come out. */
  static final long CONTROL = 1L << 31 | 5 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6 | 24;
  private static final String ROLE = "iommu";

  final FakeHypervisor hypervisor = new FakeHypervisor();
  final FakeSmmu smmu = new FakeSmmu(hypervisor.memory());
  final IommusPort iommu = hypervisor.port(IommusPort.class);
  final P2mPort p2m = hypervisor.port(P2mPort.class);
  final HostBridgePort bridge;
  final DeviceModel model;
  long control = CONTROL;
  /** Whether a domain has no tables. */
  boolean rootless;

  Rig() {
    this(0x1_0000);
  }

  /** @param streams how many */
  Rig(int streams) {
    PlatformNode node = FakeNode.at(SMMU).compatible("arm,smmu-v3").window(WINDOW.base(), WINDOW.size()).cells("phandle", 5)
        .interrupt("/intc", 0, 74, 1).interrupt("/intc", 0, 75, 1).interrupt("/intc", 0, 77, 1)
        .property(FdtProperty.ofStrings("interrupt-names", "eventq", "priq", "gerror")).build();
    PlatformNode host = FakeNode.at("/pcie@10000000").property(FdtProperty.ofStrings("device_type", "pci"))
        .cells("linux,pci-domain", 2).cells("iommu-map", 0, 5, 0, 0x100, SHARED, 5, 0x80, 1, SHARED + 1, 5, 0x80, 1,
            0x200, 5, 0x200, streams - 0x200).build();
    hypervisor.beside(node, host);
    present(true);
    model = hypervisor.install(ROLE, new IommuComponent());
    p2m.attach(new Tables(), context());
    HostBridgesPort bridges = hypervisor.port(HostBridgesPort.class);
    bridges.claim(new NoDriver(), context());
    bridge = bridges.all().getFirst();
  }

  FakeContext context() {
    return hypervisor.context(ROLE);
  }

  /** Whether the SMMU answers. */
  void present(boolean now) {
    hypervisor.machine().window(WINDOW, now ? smmu : null);
  }

  /** Its place reads all ones, as where a device was taken out. */
  void takenOut() {
    hypervisor.machine().window(WINDOW, new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return -1L >>> 64 - 8 * size;
      }

      @Override
      public void write(long offset, int size, long value) {}
    });
  }

  /** A domain, with which the SMMUs are brought up if it is the first. */
  FakeDomain dom0() {
    return hypervisor.dom0(1);
  }

  /** The SMMU's event interrupt. */
  void interrupt() {
    hypervisor.port(VirtualGicPort.class).serveHost(hypervisor.machine().cpus().getFirst(), EVENTS_INTID);
  }

  void replace() {
    hypervisor.replace(ROLE, new IommuComponent());
  }

  /** Takes the driver out, lets something happen, brings it back. */
  void without(Runnable happens) {
    var record = hypervisor.remove(ROLE);
    happens.run();
    hypervisor.bringBack(ROLE, new IommuComponent(), record);
  }

  static long root(Domain domain) {
    return (long) domain.serial() << 48 | 0x4100_0000L + 0x2000L * domain.serial();
  }

  /** Word of a stream's table entry; 0 if it has none. */
  long entry(long stream, int word) {
    long base = smmu.get(Registers.STRTAB_BASE) & 0xF_FFFF_FFFF_F000L;
    if (smmu.get(Registers.STRTAB_BASE_CFG) >>> 16 != 1) {
      return hypervisor.memory().read64(base + 64 * stream + 8 * word);
    }
    long leaf = hypervisor.memory().read64(base + (stream >>> 8) * 8) & -64;
    return leaf == 0 ? 0 : hypervisor.memory().read64(leaf + 64 * (stream & 0xFF) + 8 * word);
  }

  List<String> events(String kind) {
    return context().reportedEvents().stream().filter(e -> e.kind().equals(kind)).map(FakeContext.Event::text).toList();
  }

  private static final class NoDriver implements HostBridgeDriver {
    @Override
    public List<String> compatible() {
      return List.of();
    }

    @Override
    public HostBridge open(PlatformNode node, PhysicalBus bus) {
      throw new AssertionError();
    }
  }

  /** Only where the tables are. */
  private final class Tables implements P2m {
    @Override
    public long translate(Domain domain, long ipa, boolean write) {
      return -1;
    }

    @Override
    public PageType type(Domain domain, long gfn) {
      return PageType.NONE;
    }

    @Override
    public int map(Domain domain, long gfn, long mfn, long count, PageType type) {
      return 0;
    }

    @Override
    public int unmap(Domain domain, long gfn, long count) {
      return 0;
    }

    @Override
    public int populate(Domain domain, long gfn, long count) {
      return 0;
    }

    @Override
    public long root(Domain domain) {
      return rootless ? 0 : Rig.root(domain);
    }

    @Override
    public long control() {
      return control;
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
