// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;

/** Configurations of domains with Debian's kernel, and their disks. */
final class DebianDomains {
  private final Path folder;
  private final Path kernel;
  private final Path ramdisk;

  /** @param folder gets the files */
  DebianDomains(Path folder, byte[] kernel, byte[] ramdisk) throws IOException {
    this.folder = folder;
    this.kernel = Files.write(folder.resolve("kernel"), kernel);
    this.ramdisk = Files.write(folder.resolve("ramdisk"), ramdisk);
  }

  /** The same with Debian's own files. @param folder gets the files */
  static DebianDomains fetched(Path folder) throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow(() -> new IllegalStateException("the guest debian isn't installed")).obtain(System.out::println, GuestRequest.PLAIN);
    return new DebianDomains(folder, debian.kernel(), debian.initrd().orElseThrow());
  }

  /** Debian as Dom0 at its shell, on two CPUs. */
  static RequestBuilder dom0() {
    return RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest("debian").append(
        "quiet cryptomgr.notests xl.shell")
        .hypervisor(true);
  }

  /** A disk of so many MiB. */
  Path disk(String name, int mebibytes) throws IOException {
    return Files.write(folder.resolve(name + ".img"), new byte[mebibytes << 20]);
  }

  /**
   * A domain with a disk and an interface.
   *
   * @param number last part of its addresses
   * @param words  of its kernel's command line: what it is to do
   */
  Path domain(String name, int number, int vcpus, String words) throws IOException {
    return Files.writeString(folder.resolve(name + ".cfg"), """
        name = "%s"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        vcpus = %d
        extra = "console=hvc0 quiet cryptomgr.notests xl.domu xl.ip=10.0.0.%d/24 %s xl.shell"
        disk = [ '%s,raw,xvda,rw' ]
        vif = [ 'mac=00:16:3e:00:00:%02x' ]
        """.formatted(name, kernel, ramdisk, vcpus, number, words, disk(name, 16), number));
  }
}
