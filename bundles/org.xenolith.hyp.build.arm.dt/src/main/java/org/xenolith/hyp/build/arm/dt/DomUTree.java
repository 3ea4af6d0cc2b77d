// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.DomUMap;
import org.xenolith.hyp.arm.kit.GuestNodes;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.xen.abi.GuestMap;

/** Makes the tree of a domain that sees no hardware of the host, as Xen 4.17 makes it for a domain without a toolstack. */
final class DomUTree {
  /** What Xen gives the interrupt controller. */
  private static final int GIC_PHANDLE = 0xfde8;
  /** Of what takes messages: the ITS, or the message frame. */
  private static final int MESSAGES_PHANDLE = GIC_PHANDLE + 1;
  /** All requester ids that there are behind a host bridge. */
  private static final int REQUESTERS = 0x1_0000;
  /** First cell of a row of a PCI bridge's {@code ranges}: 32-bit memory, 64-bit prefetchable memory (IEEE 1275, PCI binding). */
  private static final int MEMORY_SPACE = 0x0200_0000;
  private static final int PREFETCHABLE_SPACE = 0x4300_0000;
  private static final int SPI = 0;
  private static final int FIRST_SPI = 32;
  /** Level, high; Xen names four CPUs, which for a shared interrupt means nothing. */
  private static final int SPI_FLAGS = 0xf04;
  private static final int BAUD = 115_200;

  private DomUTree() {}

  static Fdt of(DomUFacts facts) {
    FdtBuilder root = FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 2);
    GuestNodes own = new GuestNodes(root, 2, 2);
    chosen(root.child("chosen"), facts);
    own.psci();
    own.cpus(FdtProperty.ofStrings("compatible", facts.cpuCompatible()), facts.vcpus());
    own.memory(facts.memory());
    interruptController(root, facts.gic(), facts.pci());
    GuestNodes.timer(root.child("timer"), new int[] {GuestMap.GUEST_TIMER_PHYS_S_PPI, GuestMap.GUEST_TIMER_PHYS_NS_PPI,
        GuestMap.GUEST_TIMER_VIRT_PPI}, GIC_PHANDLE);
    if (facts.uart()) {
      root.child("sbsa-uart@" + Long.toHexString(DomUMap.UART.base())).strings("compatible", "arm,sbsa-uart")
          .u64("reg", DomUMap.UART.base(), DomUMap.UART.size())
          .cells("interrupts", SPI, GuestMap.GUEST_VPL011_SPI - FIRST_SPI, SPI_FLAGS)
          .cells("interrupt-parent", GIC_PHANDLE).cells("current-speed", BAUD);
    }
    facts.pci().ifPresent(pci -> hostBridge(root, pci));
    facts.hypervisor().ifPresent(hypervisor -> own.hypervisor(hypervisor, GIC_PHANDLE));
    return Fdt.of(root.build());
  }

  private static void chosen(FdtBuilder chosen, DomUFacts facts) {
    facts.bootArgs().ifPresent(args -> chosen.strings("bootargs", args));
    facts.initrd().ifPresent(initrd -> chosen.u64("linux,initrd-start", initrd.base())
        .u64("linux,initrd-end", initrd.base() + initrd.size()));
    facts.seed().ifPresent(chosen::add);
  }

  private static void interruptController(FdtBuilder root, GicFacts gic, Optional<DomUPci> pci) {
    Optional<FdtWindow> its = pci.flatMap(DomUPci::its);
    Optional<V2mFrame> v2m = pci.flatMap(DomUPci::v2m);
    boolean children = its.isPresent() || v2m.isPresent();
    FdtBuilder made = root.child("interrupt-controller@" + Long.toHexString(gic.distributor()))
        .cells("#address-cells", children ? 2 : 0);
    if (children) {
      made.cells("#size-cells", 2).flag("ranges");
    }
    made.cells("#interrupt-cells", 3).flag("interrupt-controller")
        .strings("compatible", gic.version() == 2 ? "arm,gic-400" : "arm,gic-v3")
        .u64("reg", gic.distributor(), gic.distributorSize(), gic.second(), gic.secondSize())
        .cells("linux,phandle", GIC_PHANDLE).cells("phandle", GIC_PHANDLE);
    its.ifPresent(registers -> made.child("its@" + Long.toHexString(registers.base())).strings("compatible", "arm,gic-v3-its")
        .flag("msi-controller").cells("#msi-cells", 1).u64("reg", registers.base(), registers.size())
        .cells("phandle", MESSAGES_PHANDLE));
    v2m.ifPresent(frame -> made.child("v2m@" + Long.toHexString(frame.base())).strings("compatible", "arm,gic-v2m-frame")
        .flag("msi-controller").u64("reg", frame.registers().base(), frame.registers().size())
        .cells("arm,msi-base-spi", frame.firstIntid()).cells("arm,msi-num-spis", frame.count())
        .cells("phandle", MESSAGES_PHANDLE));
  }

  /** A generic one (binding {@code host-generic-pci}), with messages or without; it has no interrupt lines. */
  private static void hostBridge(FdtBuilder root, DomUPci pci) {
    FdtBuilder bridge = root.child("pcie@" + Long.toHexString(pci.ecam().base())).strings("compatible", "pci-host-ecam-generic")
        .strings("device_type", "pci").u64("reg", pci.ecam().base(), pci.ecam().size())
        .cells("bus-range", 0, (int) (pci.ecam().size() >>> 20) - 1).cells("#address-cells", 3).cells("#size-cells", 2)
        .cells("ranges", Stream.of(row(MEMORY_SPACE, pci.memory()), row(PREFETCHABLE_SPACE, pci.prefetchable()))
            .flatMapToInt(IntStream::of).toArray())
        .flag("dma-coherent");
    if (pci.its().isPresent() || pci.v2m().isPresent()) {
      bridge.cells("msi-map", 0, MESSAGES_PHANDLE, 0, REQUESTERS);
    }
  }

  /** Kind, address on the bus, address in the domain, size. */
  private static int[] row(int kind, FdtWindow window) {
    int high = (int) (window.base() >>> 32);
    int low = (int) window.base();
    return new int[] {kind, high, low, high, low, (int) (window.size() >>> 32), (int) window.size()};
  }
}
