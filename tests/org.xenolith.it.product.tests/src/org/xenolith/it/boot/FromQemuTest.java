// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.UBoot;
import org.xenolith.testkit.FullLane;

/** QEMU's command lines become ours by the product, and what they become boots. */
class FromQemuTest {
  private static final Path PAGES = Product.root().resolve(
      "bundles/org.xenolith.from.qemu/src/test/resources/org/xenolith/from/qemu/public-pages.txt");
  private static final int BOOTED = 18;
  private static final int IMAGE = 1 << 20;

  @TempDir
  Path folder;

  @Test
  void theGuidesLineIsPrintedAsOursAndExitCodesSayWhatIsMissing() throws Exception {
    Matcher fence = Pattern.compile("(?ms)^<!-- run by FromQemuTest[^\n]*-->\n```\n(.*?)^```").matcher(Files.readString(Product.root()
        .resolve(
            "docs/guides/from-qemu.md")));
    assertTrue(fence.find());
    Product.guide(fence.group(1)).expect(0).outHas(
        "^\\./xenolith boot virt --gic 3 --cpu cortex-a57 --cpus 4 --memory 1G --kernel Image --append 'root=/dev/vda rw' --pci 1\\.0=virtio --disk disk\\.img,write,pci=1\\.0")
        .outHas("# without effect on the guest: -nographic, -enable-kvm");
    Product.run("from-qemu", "qemu-system-aarch64", "-M", "virt", "-kernel", "K", "-device", "usb-kbd").expect(1).outHas(
        "# missing: -device usb-kbd: there is no USB");
    Product.run("from-qemu", "qemu-system-arm -M virt").expect(2).errHas("32-bit Arm isn't modelled");
  }

  /** The kernel's first line, or U-Boot's, with files of ours in the place of theirs. */
  @FullLane
  @Test
  void whatTheLinesOfPublicPagesBecomeBoots() throws Exception {
    files();
    List<String> booted = new ArrayList<>();
    for (String page : Files.readString(PAGES).split("(?m)^## ")) {
      int code = page.indexOf("\n= ");
      String address = page.lines().findFirst().orElse("");
      // Where a console of its own or an interface of the host is asked for, there is neither.
      if (code < 0 || page.startsWith("2", code + 3) || page.contains("console=hvc0") || page.contains("type=tap")) {
        continue;
      }
      String line = page.substring(code).lines().filter(each -> each.startsWith("> ")).findFirst().orElseThrow().replaceFirst(
          "> \\./xenolith", "").replaceAll(",?hostfwd=[^, ]*", "").replace("--share /mnt/tftp", "--share .").replace("--gdb=halted", "");
      assertTrue(line.startsWith(" boot "), page);
      String sign = line.contains(" --firmware ") ? "U-Boot 20" : "Linux version";
      String arch = line.contains("boot virt") ? "arm" : "pc";
      Product.guide("cd '" + folder.resolve(arch)
          + "' && export DISK=disk.raw IMAGE=disk.raw img_disk=disk.raw filename=disk.raw KERNEL=vmlinuz kernel=vmlinuz"
          + " img_kernel=vmlinuz uinteg=. && '" + Product.root().resolve("xenolith") + "'" + line + " --until '" + sign + "' --limit 60")
          .expect(0);
      booted.add(address);
    }
    System.out.println(booted.size() + " booted: " + booted);
    assertEquals(BOOTED, booted.size(), booted::toString);
  }

  private void files() throws IOException, InterruptedException {
    for (String arch : List.of("arm", "pc")) {
      Path there = Files.createDirectories(folder.resolve(arch));
      Product.run("guests", "fetch", arch.equals("arm") ? "debian" : "debian-amd64-cloud", "--to", there).expect(0);
      Files.copy(there.resolve("Image"), there.resolve("vmlinuz"), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(there.resolve("initrd"), there.resolve("initramfs.cpio"), StandardCopyOption.REPLACE_EXISTING);
      for (String name : List.of("disk.raw", "disk1.raw", "seed.img", "install.iso")) {
        Files.write(there.resolve(name), new byte[IMAGE]);
      }
      Product.shell("PATH=$('" + Product.root().resolve("releng/test-tools") + "' qemu-img):$PATH qemu-img create -q -f qcow2 '" + there
          .resolve("disk.qcow2") + "' 1M").expect(0);
      for (String name : List.of("u-boot.bin", "flash0.img", "QEMU_EFI.fd")) {
        Files.copy(UBoot.fetched().resolve("u-boot.bin"), there.resolve(name));
      }
    }
  }
}
