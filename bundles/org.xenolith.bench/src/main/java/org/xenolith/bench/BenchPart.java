// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a bench can be asked for by {@code --only}. */
enum BenchPart {
  BOOT("Debian's boot, bare metal"),
  DOM0("Debian's boot as Dom0: our hypervisor, and Debian's Xen on QEMU"),
  WORKLOADS("Micro-workloads in the Debian guest"),
  OPENSSL("Debian's openssl over 256 MiB"),
  EXITS("What leaves the CPU's own work, each time"),
  START("Start of the process"),
  PCI("PCI: GICv3 with ITS, SMMUv3, NVMe"),
  ACPI("The board described by ACPI tables, beside the same by its device tree", "by device tree"),
  DISKS("Disks: virtio-blk, legacy virtio, virtio-scsi"),
  UEFI("Debian from a disk by UEFI firmware in flash"),
  LAYERS("Debian from a disk by firmware of bundles, beside UEFI firmware in flash", "by aavmf"),
  WINDOW("The workbench", "no peer"),
  GROWTH("More of something, beside the least of it", "the first step"),
  PC("A PC: Debian's boot by the PVH ABI, and the micro-workloads"),
  PVH("A PC's hypervisor: exits of a Dom0 and Debian's boot as Dom0, beside Debian's Xen");

  /** What the part is, for people. */
  final String says;
  /** Who is on the other side, for people: the head of its column. */
  final String peer;

  BenchPart(String says) {
    this(says, Measurement.EMULATOR);
  }

  BenchPart(String says, String peer) {
    this.says = says;
    this.peer = peer;
  }

  /**
   * Those that are measured unless somebody asks for others: growth takes as long as all of them, a window needs a display, firmware an image
   * of more than a gigabyte, and disks go with it; a PC needs another compiler, its hypervisor another Xen.
   */
  static List<BenchPart> usual() {
    return Arrays.stream(values()).filter(part -> part.compareTo(DISKS) < 0).toList();
  }

  /** That of a figure by its name. */
  static BenchPart of(String figure) {
    return valueOf(figure.substring(0, figure.indexOf('.')).toUpperCase(Locale.ROOT));
  }

  /** The name on the command line and in results. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String names() {
    return String.join(", ", Arrays.stream(values()).map(BenchPart::toString).toList());
  }
}
