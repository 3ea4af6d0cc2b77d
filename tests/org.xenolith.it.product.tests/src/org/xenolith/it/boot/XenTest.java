// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.it.product.XenHypervisor;

/** Debian's own Xen at EL2 of our machine, with unmodified Debian kernels as its domains. */
@FullLane
@Order(2)
class XenTest {
  /** The default lane has Xen on a GICv2 in {@link Dom0ComparisonTest}. */
  private static final int[] CONTROLLERS = Lane.full() ? new int[] {2, 3} : new int[] {3};
  private static final String XEN_WORDS = "dom0_mem=384M loglvl=all guest_loglvl=all";
  private static final String DOM0_WORDS = "console=hvc0 earlycon=xenboot " + Boot.SHORT;
  /** Where QEMU is told to put the modules: out of the way of what it places itself. */
  private static final long QEMU_KERNEL = 0x4a00_0000;
  private static final long QEMU_INITRD = 0x5000_0000;

  @TempDir
  private static Path work;

  private static Path xen;
  private static DebianParts debian;

  @BeforeAll
  static void fetch() throws InterruptedException {
    xen = XenHypervisor.fetched();
    debian = DebianParts.fetched();
  }

  private static Path tree(String name, int gic, int cpus) throws InterruptedException {
    Path platform = work.resolve(name + ".platform");
    Path tree = work.resolve(name + ".dtb");
    // Our blank flash is between our parts only: QEMU's guest would be shown its node.
    Product.run("topology", "import", "virt", platform, "--el2", "--gic", gic, "--cpus", cpus, "--memory", "1G", "--option",
        "flash=none").expect(0);
    Product.run("topology", "export", platform, tree).expect(0);
    return tree;
  }

  private static Object[] line(Path tree, Object... more) {
    List<Object> line = new ArrayList<>(List.of(tree, "--el2", "--kernel", xen));
    line.addAll(List.of(more));
    return line.toArray();
  }

  private static Object[] dom0(Path tree, Object... more) {
    List<Object> line = new ArrayList<>(List.of("--append", XEN_WORDS, "--module", "kernel=" + debian.kernel() + "," + DOM0_WORDS,
        "--module", "ramdisk=" + debian.initrd()));
    line.addAll(List.of(more));
    return line(tree, line.toArray());
  }

  @Test
  void xenAndItsDom0SayWhatTheySayOnQemu() throws InterruptedException, IOException {
    Explanations explanations = Explanations.read("explained-differences-xen.txt");
    for (int gic : CONTROLLERS) {
      String name = "gic" + gic;
      Path tree = tree(name, gic, 1);
      Boot ours = Boot.run(work, name, 0, dom0(tree));
      assertEquals("poweroff", ours.report().outcome(), name);
      assertEquals(0, ours.report().number("unmodelledAccesses"), ours.report()::toString);
      ours.outcome().outHas("GICv" + gic + " initialization:").outHas("Xen 4\\.\\d+ support found").outHas("XENOLITH-DONE")
          .outHas("\\(XEN\\) Hardware Dom0 halted: halting machine");
      LogLines.assertNoComplaint(ours.outcome().out());
      assertEquals(List.of(), Difference.unexplained("xen", lines(ours.outcome()), lines(qemu(gic, tree)), explanations), name);
    }
    assertEquals(List.of(), explanations.stale(), "explanations that explain nothing any more");
  }

  private static List<String> lines(Outcome outcome) {
    return LogLines.withoutStamps(outcome.out().replace("\r", "").lines().toList());
  }

  private static Outcome qemu(int gic, Path tree) throws InterruptedException, IOException {
    Fdt ours = FdtReader.read(Files.readAllBytes(tree));
    Fdt theirs = ours.edit("/chosen", chosen -> chosen.withProperty(FdtProperty.ofCells("#address-cells", 2))
        .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(module("kernel", QEMU_KERNEL, debian.kernel(), DOM0_WORDS))
        .withChild(module("ramdisk", QEMU_INITRD, debian.initrd(), "")));
    Path file = Files.write(work.resolve("qemu.dtb"), FdtWriter.write(theirs));
    try (Program qemu = TestTools.start("qemu-system-aarch64", "-M", "virt,virtualization=on,gic-version=" + gic, "-cpu", "cortex-a57",
        "-m", 1024, "-nographic", "-no-reboot", "-net", "none", "-rtc", "base=2026-01-01T00:00:00,clock=vm", "-dtb", file,
        "-kernel", xen, "-append", XEN_WORDS, "-device", loader(QEMU_KERNEL, debian.kernel()), "-device",
        loader(QEMU_INITRD, debian.initrd()))) {
      return qemu.await(Product.LONG).expect(0).outHas("XENOLITH-DONE");
    }
  }

  private static FdtNode module(String kind, long address, Path file, String words) {
    FdtNode node = new FdtNode("module@" + Long.toHexString(address), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "multiboot," + kind, "multiboot,module"))
        .withProperty(FdtProperty.ofU64("reg", address, file.toFile().length()));
    return words.isEmpty() ? node : node.withProperty(FdtProperty.ofStrings("bootargs", words));
  }

  private static String loader(long address, Path file) {
    return "loader,addr=0x" + Long.toHexString(address) + ",file=" + file + ",force-raw=on";
  }

  @Test
  void aRunOfXenSavedInTheMiddleAndLoadedGivesTheSameDigest() throws InterruptedException {
    Path tree = tree("many", 3, 4);
    Boot first = Boot.run(work, "whole", 0, dom0(tree));
    first.outcome().outHas("Brought up 4 CPUs").outHas("SMP: Total of 4 processors");
    Path snapshot = work.resolve("snapshot");
    Boot half = Boot.run(work, "half", 3, dom0(tree, "--limit", first.report().number("virtualSeconds") / 2, "--save", snapshot));
    Boot rest = Boot.run(work, "rest", 0, "--load", snapshot);
    assertEquals(first.outcome().out(), half.outcome().out() + rest.outcome().out());
    assertEquals(first.report().digest(), rest.report().digest());
  }

  @Test
  void twoDomainsShareOneCpu() throws InterruptedException, IOException {
    for (int gic : CONTROLLERS) {
      Fdt board = FdtReader.read(Files.readAllBytes(tree("shared" + gic, gic, 1)));
      Path tree = work.resolve("domains" + gic + ".dtb");
      Files.write(tree, FdtWriter.write(board.edit("/chosen", chosen -> chosen.withChild(domain(1)).withChild(domain(2)))));
      List<Object> words = new ArrayList<>(List.of("--limit", 2));
      for (int number = 1; number <= 2; number++) {
        words.addAll(List.of("--module", "domU" + number + "/kernel=" + debian.kernel() + ",console=ttyAMA0 " + Boot.SHORT,
            "--module", "domU" + number + "/ramdisk=" + debian.initrd()));
      }
      // nobody ends the machine when the last domain is gone: the limit does
      Boot boot = Boot.run(work, "domains" + gic, 3, line(tree, words.toArray()));
      boot.outcome().outHas("DOM1: XENOLITH-DONE").outHas("DOM2: XENOLITH-DONE");
      LogLines.assertNoComplaint(boot.outcome().out());
      assertTrue(boot.outcome().out().contains("reboot: Power down"), boot.outcome()::toString);
      assertFalse(boot.outcome().out().contains("Panic on CPU"), boot.outcome()::toString);
    }
  }

  private static FdtNode domain(int number) {
    // 192 MiB, in KiB (Xen, docs/misc/arm/device-tree/booting.txt)
    return new FdtNode("domU" + number, List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", "xen,domain"))
        .withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2))
        .withProperty(FdtProperty.ofU64("memory", 192 << 10)).withProperty(FdtProperty.ofCells("cpus", 1))
        .withProperty(FdtProperty.ofFlag("vpl011"));
  }
}
