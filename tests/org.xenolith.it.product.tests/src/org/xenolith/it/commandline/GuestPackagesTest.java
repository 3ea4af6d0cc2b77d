// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/**
 * A guest of the packages that a lock names, from a real archive: package files that dpkg-deb makes, in a folder with an index that
 * the host's apt reads. The kernel in them is a program of a few instructions.
 */
@FullLane
class GuestPackagesTest {
  private static final String KERNEL = "linux-image-1.0-arm64";
  private static final String NEWER = "linux-image-1.1-arm64";

  @TempDir
  private Path work;
  private Path archive;
  private Path cache;
  private String codename;

  @BeforeEach
  void makeArchive() throws IOException, InterruptedException {
    String release = Files.readString(Path.of("/etc/os-release"));
    assertTrue(release.contains("\nID=debian\n"), "run it on a Debian: only there the host's own sources are read");
    codename = release.replaceFirst("(?s).*\nVERSION_CODENAME=(\\w+)\n.*", "$1");
    archive = Files.createDirectories(work.resolve("archive/pool")).getParent();
    cache = work.resolve("cache");
    put(KERNEL, "1.0-1", "boot/vmlinuz-1.0", Files.readAllBytes(SmallKernel.assemble(work, SmallKernel.READY_AND_WAITS)));
    put("busybox-static", "1:1-1", "bin/busybox", new byte[9]);
    put("tool", "1-1", "usr/bin/tool", new byte[9]);
    lock("file:" + archive);
  }

  /** A package of one file. */
  private void put(String name, String version, String path, byte[] content) throws IOException, InterruptedException {
    Path tree = Files.createTempDirectory(work, "tree");
    Files.createDirectories(tree.resolve("DEBIAN"));
    Files.writeString(tree.resolve("DEBIAN/control"), "Package: " + name + "\nVersion: " + version
        + "\nArchitecture: arm64\nMaintainer: nobody <nobody@example.org>\nDescription: a test\n");
    Files.createDirectories(tree.resolve(path).getParent());
    Files.write(tree.resolve(path), content);
    TestTools.run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, file(name)).expect(0);
  }

  private Path file(String name) {
    return archive.resolve("pool/" + name + "_arm64.deb");
  }

  private String line(String name, String version) throws IOException {
    byte[] deb = Files.readAllBytes(file(name));
    return "package " + name + " " + version + " " + deb.length + " " + sha256(deb) + " pool/" + name + "_arm64.deb\n";
  }

  private static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The machine's own lock, of what is in the archive at the beginning. */
  private void lock(String address) throws IOException {
    Files.createDirectories(cache.resolve("guests"));
    Files.writeString(cache.resolve("guests/packages.lock"), "xenolith-package-lock 1\narchive " + address + " pool/ " + codename
        + "\nguest debian " + KERNEL + " busybox-static\nwith tool\n" + line(KERNEL, "1.0-1") + line("busybox-static", "1:1-1") + line(
            "tool",
            "1-1") + "end\n");
  }

  /** What apt reads: the archive's index, made of what is there now. */
  private Map<String, String> environment(String kernel, String version) throws IOException {
    Path index = Files.createDirectories(archive.resolve("dists/" + codename + "/main/binary-arm64")).resolve("Packages");
    StringBuilder text = new StringBuilder();
    for (String[] one : new String[][] {{kernel, version}, {"busybox-static", "1:1-1"}, {"tool", "1-1"}}) {
      String[] word = line(one[0], one[1]).strip().split(" ");
      text.append("Package: " + word[1] + "\nVersion: " + word[2] + "\nArchitecture: arm64\nSize: " + word[3] + "\nSHA256: " + word[4]
          + "\nFilename: " + word[5] + "\nDescription: a test\n\n");
    }
    text.append("Package: linux-image-arm64\nVersion: 1\nArchitecture: arm64\nDepends: " + kernel + "\nSize: 1\nSHA256: " + "0".repeat(64)
        + "\nFilename: pool/meta.deb\nDescription: a test\n\n");
    Files.writeString(index, text);
    Path etc = Files.createDirectories(work.resolve("etc/sources.list.d"));
    // the form that newer hosts have
    Files.writeString(etc.resolve("test.sources"), "Types: deb\nURIs: file:" + archive + "\nSuites: " + codename
        + "\nComponents: main\nTrusted: yes\n");
    Path conf = Files.writeString(work.resolve("apt.conf"), "Dir::Etc \"" + work.resolve("etc") + "\";\n");
    Map<String, String> environment = new HashMap<>(Map.of("XENOLITH_CACHE", cache.toString(), "APT_CONFIG", conf.toString()));
    environment.put("XENOLITH_PACKAGES", "");
    return environment;
  }

  private Outcome boot(Map<String, String> environment, Object... more) throws InterruptedException {
    Object[] line = new Object[5 + more.length];
    System.arraycopy(new Object[] {"boot", "--guest", "debian", "--until", "READY"}, 0, line, 0, 5);
    System.arraycopy(more, 0, line, 5, more.length);
    return Product.run(environment, line);
  }

  @Test
  void itBootsWithoutTheArchiveAfterwardsAndAMissingModuleFailsOnlyWhatNeedsIt() throws IOException, InterruptedException {
    Map<String, String> environment = environment(KERNEL, "1.0-1");
    boot(environment).expect(0).outHas("READY")
        .errHas("the kernel package " + KERNEL + " 1\\.0-1 has no module 'xen_pciback': pciback will fail in the guest");
    Product.run(environment, "guests", "fetch", "--package", "tool").expect(0).outHas("part: tool 1-1 sha256:");
    Files.move(archive, work.resolve("elsewhere"));
    lockAddress("http://127.0.0.1:1");
    boot(environment, "--package", "tool").expect(0).outHas("READY");
  }

  private void lockAddress(String address) throws IOException {
    Path lock = cache.resolve("guests/packages.lock");
    Files.writeString(lock, Files.readString(lock).replaceFirst("archive \\S+", "archive " + address));
  }

  @Test
  void unreachableOrMovedOnItSaysWhichPackageAndTakesAnotherOnlyWhenAsked() throws IOException, InterruptedException {
    Map<String, String> environment = environment(KERNEL, "1.0-1");
    Files.move(archive, work.resolve("elsewhere"));
    lockAddress("http://127.0.0.1:1");
    boot(environment).expect(2).errHas(KERNEL + " 1\\.0-1 is not in the cache and can't be fetched \\(http://127\\.0\\.0\\.1:1/pool/"
        + KERNEL + "_arm64\\.deb: Connection refused.*Check the network connection; without one, name a folder of packages in"
        + " XENOLITH_PACKAGES");
    Files.move(work.resolve("elsewhere"), archive);
    lockAddress("file:" + archive);
    put(NEWER, "1.1-1", "boot/vmlinuz-1.1", Files.readAllBytes(SmallKernel.assemble(work, SmallKernel.READY_AND_WAITS)));
    Files.delete(file(KERNEL));
    environment = environment(NEWER, "1.1-1");
    boot(environment).expect(2).errHas("the archive no longer has " + KERNEL + " 1\\.0-1, which the lock names \\(file:.*/pool/" + KERNEL
        + "_arm64\\.deb: no such file\\); it has " + NEWER + " 1\\.1-1 now\\. './xenolith packages update' takes what the archive has now");
    assertFalse(Files.exists(cache.resolve("guests/debian/1.1-arm64_1.1-1")));
    Product.run(environment, "packages", "update").expect(0)
        .outHas("guest debian: " + NEWER + " 1\\.1-1, busybox-static 1:1-1 in the place of " + KERNEL + " 1\\.0-1, busybox-static 1:1-1");
    boot(environment).expect(0).outHas("READY").errHas("own lock .*packages\\.lock .*: " + NEWER + " 1\\.1-1");
    Product.run(environment, "packages", "reset").expect(0).outHas("back to Xenolith's lock");
    Product.run(environment, "packages").expect(0).outHas("(?m)^xen-hypervisor-4\\.17-arm64 4\\.17\\S* [0-9a-f]{64} \\d+ http");
  }

  @Test
  void aPackageThatWasChangedIsRefusedWithBothDigests() throws IOException, InterruptedException {
    String right = sha256(Files.readAllBytes(file("busybox-static")));
    put("busybox-static", "1:1-1", "bin/busybox", new byte[10]);
    String wrong = sha256(Files.readAllBytes(file("busybox-static")));
    boot(environment(KERNEL, "1.0-1")).expect(2).errHas("the package busybox-static 1:1-1 is not what it should be: file:.*/pool/"
        + "busybox-static_arm64\\.deb has the SHA-256 " + wrong + " and \\d+ bytes, the lock says " + right
        + " and \\d+\\. It was not used");
  }

  @Test
  void aFolderOfPackagesServesAMachineWithoutAnArchiveAndWithoutApt() throws IOException, InterruptedException {
    Map<String, String> environment = environment(KERNEL, "1.0-1");
    Path folder = work.resolve("folder");
    Product.run(environment, "packages", "fetch", "debian", "--to", folder).expect(0).outHas(KERNEL + "_arm64\\.deb");
    assertEquals(2, folder.toFile().list().length);
    Files.move(archive, work.resolve("elsewhere"));
    environment.put("XENOLITH_PACKAGES", folder.toString());
    environment.put("APT_CONFIG", "/nonexistent");
    boot(environment).expect(0).outHas("READY");
    assertTrue(Files.exists(cache.resolve("guests/debian/1.0-arm64_1.0-1/manifest")));
    boot(environment, "--package", "tool").expect(2).errHas("the folder \\S+, which XENOLITH_PACKAGES names, has no tool_arm64\\.deb"
        + " \\(tool 1-1\\); './xenolith packages fetch --to DIR' fetches what belongs there");
  }

  @Test
  void wrongUseIsExplained() throws InterruptedException {
    Map<String, String> environment = Map.of("XENOLITH_CACHE", cache.toString());
    Product.run(environment, "packages", "fetch", "nosuch", "--to", work).expect(2)
        .errHas("package 'nosuch': the lock doesn't name it\\. Guests: debian; packages: tool");
    Product.run(environment, "packages", "fetch").expect(2).errHas("--to");
    Product.run(environment, "packages", "lock", file("tool")).expect(2).errHas("is no lock of packages");
  }
}
