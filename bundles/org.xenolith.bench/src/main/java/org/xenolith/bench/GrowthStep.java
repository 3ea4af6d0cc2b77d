// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xenolith.bench.TestBed.GuestFiles;

/**
 * A machine that has so many of something.
 *
 * @param series what grows
 * @param count  how many there are
 * @param words  the command line of ours for it, but for the guest
 */
record GrowthStep(Series series, int count, List<String> words) {
  /** What grows, and in which steps. */
  enum Series {
    /** Of Dom0, which share one CPU: 8 CPUs are the most that a board has. */
    VCPUS("vCPUs of Dom0 on one CPU", 1, 4, 16, 64),
    /** Each boots Debian with 128 MiB, beside each other, without a Dom0. */
    DOMAINS("domains that boot Debian", 1, 4, 16, 64),
    /** NVMe controllers, and the root ports that they are behind. */
    FUNCTIONS("PCI functions", 1, 256, 1024, 4096),
    /** In MiB. */
    MEMORY("MiB of RAM", 512, 1024, 4096, 16_384);

    /** What it is, for people. */
    final String says;
    private final int[] counts;

    Series(String says, int... counts) {
      this.says = says;
      this.counts = counts;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Devices behind a root port if the guest is told to look for more than one, and functions of each. */
  private static final int DEVICES = 32;
  private static final int FUNCTIONS = 8;

  /** All steps of all series. @param folder where files are put */
  static List<GrowthStep> all(GuestFiles guest, Path folder) throws IOException {
    List<GrowthStep> steps = new ArrayList<>();
    for (Series series : Series.values()) {
      for (int count : series.counts) {
        steps.add(new GrowthStep(series, count, switch (series) {
          case VCPUS -> List.of("--hypervisor", "--gic", "3", "--memory", "1G", "--dom0-vcpus", Integer.toString(count));
          case DOMAINS -> domains(count, guest, folder);
          case FUNCTIONS -> functions(count);
          case MEMORY -> List.of("--gic", "3", "--memory", count + "M");
        }));
      }
    }
    return steps;
  }

  /** The last one's console is shown: they have equal turns. */
  private static List<String> domains(int count, GuestFiles guest, Path folder) throws IOException {
    List<String> words = new ArrayList<>(List.of("--hypervisor", "--no-dom0", "--gic", "3", "--memory", "16G", "--console", "d" + count));
    for (int i = 1; i <= count; i++) {
      Path config = Files.writeString(folder.resolve("d" + i + ".cfg"), """
          name = "d%d"
          kernel = "%s"
          ramdisk = "%s"
          memory = 128
          vcpus = 1
          extra = "console=hvc0 xl.domu cryptomgr.notests quiet"
          """.formatted(i, guest.kernel(), guest.initrd()));
      words.addAll(List.of("--domu", config.toString()));
    }
    return words;
  }

  /** Root ports with as many functions behind each as a bus has. */
  static List<String> functions(int count) {
    List<String> words = new ArrayList<>(List.of("--gic", "3", "--pcie", "ecam", "--append", "quiet pci=pcie_scan_all"));
    if (count == 1) {
      words.addAll(List.of("--pci", "1.0=nvme"));
      return words;
    }
    int left = count;
    for (int port = 1; left > 0; port++) {
      words.addAll(List.of("--pci", "%x.0=root-port".formatted(port)));
      left--;
      for (int i = 0; i < DEVICES * FUNCTIONS && left > 0; i++, left--) {
        words.addAll(List.of("--pci", "%x.0/%x.%x=nvme".formatted(port, i / FUNCTIONS, i % FUNCTIONS)));
      }
    }
    return words;
  }

  /** Whether it is the first of its series, beside which the others are put. */
  boolean first() {
    return count == series.counts[0];
  }

  @Override
  public String toString() {
    return "%d %s".formatted(count, series.says);
  }
}
