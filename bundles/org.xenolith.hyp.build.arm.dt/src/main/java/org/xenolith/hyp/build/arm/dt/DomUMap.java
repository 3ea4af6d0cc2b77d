package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtWindow;

/**
 * Where things are in a domain without hardware of the host (Xen's public header {@code arch-arm.h}). The domain's tree
 * is what counts; these are the places that builders use.
 */
final class DomUMap {
    static final FdtWindow GICD = new FdtWindow(0x0300_1000L, 0x1000);
    static final FdtWindow GICC = new FdtWindow(0x0300_2000L, 0x2000);
    static final FdtWindow GICV3_DISTRIBUTOR = new FdtWindow(0x0300_1000L, 0x1_0000);
    static final FdtWindow REDISTRIBUTORS = new FdtWindow(0x0302_0000L, 0x100_0000);
    static final FdtWindow UART = new FdtWindow(0x2200_0000L, 0x1000);
    static final FdtWindow GRANT_WINDOW = new FdtWindow(0x3800_0000L, 0x100_0000);
    /** Pages for the store, the console and their kind; what a builder shares with the domain before it runs. */
    static final FdtWindow MAGIC = new FdtWindow(0x3900_0000L, 0x100_0000);
    /** Room for RAM; a domain fills the first, then the second. */
    static final List<FdtWindow> RAM = List.of(new FdtWindow(0x4000_0000L, 0xc000_0000L),
            new FdtWindow(0x2_0000_0000L, 0xfe_0000_0000L));
    static final int SECURE_TIMER_INTID = 29;
    static final int PHYSICAL_TIMER_INTID = 30;
    static final int VIRTUAL_TIMER_INTID = 27;
    static final int UART_INTID = 32;
    /** CPUs of one affinity level 0, the most that the target list of a GICv3's SGI covers. */
    private static final int CPUS_OF_A_CLUSTER = 16;

    private DomUMap() { }

    /**
     * The banks of a domain of that much RAM.
     *
     * @param bytes a multiple of 4 KiB
     */
    static List<FdtWindow> banks(long bytes) {
        List<FdtWindow> banks = new ArrayList<>();
        long left = bytes;
        for (FdtWindow room : RAM) {
            long size = Math.min(left, room.size());
            if (size > 0) {
                banks.add(new FdtWindow(room.base(), size));
                left -= size;
            }
        }
        if (left != 0 || banks.isEmpty() || bytes % 0x1000 != 0) {
            throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB up to 1019 GiB, got "
                    + bytes + " bytes");
        }
        return banks;
    }

    /** The affinities of that many vCPUs. */
    static List<Integer> affinities(int vcpus) {
        List<Integer> affinities = new ArrayList<>();
        for (int i = 0; i < vcpus; i++) {
            affinities.add(i / CPUS_OF_A_CLUSTER << 8 | i % CPUS_OF_A_CLUSTER);
        }
        return affinities;
    }
}
