// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.CpioFile;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;
import org.xenolith.it.product.Ukify;
import org.xenolith.testkit.FullLane;

/** Unified kernel images as Debian's ukify makes them, with each section that they may have: what the parts do, what is said of the others, and that systemd's own stub does the same. */
@FullLane
class UnifiedImagesTest {
  private static final String CONSOLE = "console=ttyAMA0";

  @TempDir
  private Path work;

  /** The tree of the board virt under another name, by which it is known in the guest. */
  private Path tree(String compatible) throws Exception {
    Path usual = work.resolve("virt.dtb");
    Path source = work.resolve(compatible + ".dts");
    Product.run("topology", "export", "virt", usual).expect(0);
    Files.writeString(source, TestTools.run("dtc", "-q", "-I", "dtb", "-O", "dts", usual).expect(0).out().replace("linux,dummy-virt",
        compatible));
    Path blob = work.resolve(compatible + ".dtb");
    TestTools.run("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", blob, source).expect(0);
    return blob;
  }

  /** What all images here have. @param line the command line; empty for none */
  private List<Object> parts(String line) throws Exception {
    DebianParts debian = DebianParts.fetched();
    List<Object> parts = new ArrayList<>(List.of("--linux=" + debian.kernel(), "--initrd=" + debian.initrd(), "--uname=6.1.0-arm64",
        "--os-release=PRETTY_NAME=\"Debian of the test\"\nID=debian\n"));
    if (!line.isEmpty()) {
      parts.add("--cmdline=" + line);
    }
    return parts;
  }

  private static Outcome boot(String until, Object... more) throws InterruptedException {
    List<Object> arguments = new ArrayList<>(List.of("boot"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--until", until, "--limit", 60));
    return Product.run(arguments.toArray()).expect(0);
  }

  @Test
  void itsPartsAreUsedAndTheOthersAreNamed() throws Exception {
    List<Object> parts = parts("cryptomgr.notests xl.run=cat,/early,/proc/device-tree/compatible");
    parts.add("--microcode=" + Files.write(work.resolve("early.cpio"), CpioFile.of("early", "of the microcode\n")));
    parts.add("--devicetree=" + tree("acme,board"));
    parts.add("--splash=" + Files.write(work.resolve("picture.bmp"), new byte[] {'B', 'M'}));
    Path image = Ukify.build(work.resolve("linux.efi"), parts.toArray());
    boot("of the microcode", "--kernel", image, "--append", CONSOLE).errHas(
        "\\Qis a unified kernel image of Debian of the test, kernel 6.1.0-arm64;"
            + " without firmware (--firmware) not used: .splash, .sbat").errHas(
                "\\Qhas a device tree of its own (acme,board), which isn't used: the"
                    + " machine is the board's. For a machine of that tree name the image in the board's place, too: " + image);
    assertFalse(boot("acme,board", image, "--kernel", image, "--append", CONSOLE).err().contains("device tree of its own"));
    boot("of the microcode", "--hypervisor", "--memory", "1G", "--kernel", image, "--append", "console=hvc0").errHas(
        "\\QDom0's kernel is a unified kernel image of Debian of the test").errHas("\\Q(acme,board), which isn't used");
  }

  @Test
  void anotherProfileIsChosenByItsNumberAsSystemdsStubDoes() throws Exception {
    Path rescue = Ukify.profile(work.resolve("rescue.efi"), "--profile=ID=rescue\nTITLE=To the rescue\n",
        "--cmdline=cryptomgr.notests xl.run=echo,said-by-the-second");
    List<Object> parts = parts("cryptomgr.notests xl.run=echo,said-by-all");
    parts.addAll(List.of("--profile=ID=main\n", "--join-profile=" + rescue));
    Path image = Ukify.build(work.resolve("linux.efi"), parts.toArray());
    boot("exit=0 echo said-by-all", "--kernel", image, "--append", CONSOLE).errHas(
        "\\Q; profile @0 of @0 (main), @1 (rescue) (another one by its number at the beginning of --append)");
    boot("exit=0 echo said-by-the-second", "--kernel", image, "--append", "@1 " + CONSOLE).errHas("\\Q; profile @1 of");
    boot("exit=0 echo said-by-the-second", "--hypervisor", "--memory", "1G", "--kernel", image, "--append", "@1 console=hvc0");
    Product.run("boot", "--kernel", image, "--append", "@2 " + CONSOLE).expect(2).errHas(
        "\\Qhas no profile @2, which --append begins with; it has @0 (main), @1 (rescue).");
    boot("exit=0 echo said-by-the-second", "--firmware", "aavmf", "--memory", "1G", "--kernel", image, "--append", "@1 ");
  }

  @Test
  void oneOfSeveralTreesIsABoardByItsName() throws Exception {
    List<Object> parts = parts("cryptomgr.notests xl.run=cat,/proc/device-tree/compatible");
    parts.addAll(List.of("--devicetree-auto=" + tree("acme,first"), "--devicetree-auto=" + tree("acme,second")));
    Path image = Ukify.build(work.resolve("linux.efi"), parts.toArray());
    boot("linux,dummy-virt", "--kernel", image, "--append", CONSOLE).errHas(
        "\\Qhas device trees of its own (acme,first, acme,second), which aren't used: the machine is the board's. For a machine of one of them name"
            + " the image in the board's place, too: " + image + "#acme,second");
    boot("acme,second", image + "#acme,second", "--kernel", image, "--append", CONSOLE);
    Product.run("boot", image, "--kernel", image).expect(2).errHas("\\Qhas device trees for several boards; say for which: " + image
        + "#NAME, with one of acme,first, acme,second");
    Product.run("boot", image + "#acme,third", "--kernel", image).expect(2).errHas("\\Qhas no device tree for 'acme,third'");
  }
}
