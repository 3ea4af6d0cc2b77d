package org.xenolith.hyp.build.arm.dt;

import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.VirtualGic.GicFacts;
import org.xenolith.xen.abi.GuestMap;

/** Makes the tree of a domain that sees no hardware of the host, as Xen 4.17 makes it for a domain without a toolstack. */
final class DomUTree {
    /** What Xen gives the interrupt controller; there is no other node that is referred to. */
    private static final int GIC_PHANDLE = 0xfde8;
    private static final int SPI = 0;
    private static final int FIRST_SPI = 32;
    /** Level, high; Xen names four CPUs, which for a shared interrupt means nothing. */
    private static final int SPI_FLAGS = 0xf04;
    private static final int BAUD = 115_200;

    private DomUTree() { }

    static Fdt of(DomUFacts facts) {
        FdtBuilder root = FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 2);
        GuestNodes own = new GuestNodes(root, 2, 2);
        chosen(root.child("chosen"), facts);
        own.psci();
        own.cpus(FdtProperty.ofStrings("compatible", facts.cpuCompatible()), facts.vcpus());
        own.memory(facts.memory());
        interruptController(root, facts.gic());
        GuestNodes.timer(root.child("timer"), new int[] {GuestMap.GUEST_TIMER_PHYS_S_PPI, GuestMap.GUEST_TIMER_PHYS_NS_PPI,
            GuestMap.GUEST_TIMER_VIRT_PPI}, GIC_PHANDLE);
        if (facts.uart()) {
            root.child("sbsa-uart@" + Long.toHexString(DomUMap.UART.base())).strings("compatible", "arm,sbsa-uart")
                    .u64("reg", DomUMap.UART.base(), DomUMap.UART.size())
                    .cells("interrupts", SPI, GuestMap.GUEST_VPL011_SPI - FIRST_SPI, SPI_FLAGS)
                    .cells("interrupt-parent", GIC_PHANDLE).cells("current-speed", BAUD);
        }
        facts.hypervisor().ifPresent(hypervisor -> own.hypervisor(hypervisor, GIC_PHANDLE));
        return Fdt.of(root.build());
    }

    private static void chosen(FdtBuilder chosen, DomUFacts facts) {
        facts.bootArgs().ifPresent(args -> chosen.strings("bootargs", args));
        facts.initrd().ifPresent(initrd -> chosen.u64("linux,initrd-start", initrd.base())
                .u64("linux,initrd-end", initrd.base() + initrd.size()));
        facts.seed().ifPresent(chosen::add);
    }

    private static void interruptController(FdtBuilder root, GicFacts gic) {
        root.child("interrupt-controller@" + Long.toHexString(gic.distributor())).cells("#address-cells", 0)
                .cells("#interrupt-cells", 3).flag("interrupt-controller")
                .strings("compatible", gic.version() == 2 ? "arm,gic-400" : "arm,gic-v3")
                .u64("reg", gic.distributor(), gic.distributorSize(), gic.second(), gic.secondSize())
                .cells("linux,phandle", GIC_PHANDLE).cells("phandle", GIC_PHANDLE);
    }
}
