// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BoardConsole;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.ProgressListener;

class DebianGuestTest {
  @TempDir
  Path root;

  private final FakePackages packages = new FakePackages();
  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

  private final Map<String, String> environment = new HashMap<>();
  private PackageLock bundled;

  private DebianGuest guest() {
    return guest(DebianKernel.USUAL, folder -> 1L << 40);
  }

  /** The lock that came with Xenolith is that of the archive when the first guest is made. */
  private DebianGuest guest(DebianKernel kind, DebianGuest.Space space) {
    bundled = bundled == null ? packages.lock() : bundled;
    return new DebianGuest(kind, root, new Locks(root.resolve("packages.lock"), () -> bundled), new PackageFetcher(environment, root,
        packages, packages), packages, space);
  }

  @Test
  void aKernelWithLargerPagesIsAGuestOfItsOwn() {
    DebianGuest large = guest(DebianKernel.PAGES_16K, folder -> 1L << 40);
    assertEquals("debian-16k", large.name());
    assertEquals("debian-16k", large.obtain(progress::add, GuestRequest.PLAIN).name());
    packages.missing = "linux-image-arm64-16k";
    large.obtain(progress::add, GuestRequest.PLAIN.withRefresh());
    assertEquals(List.of("linux-image-arm64", "linux-image-arm64-16k", "linux-image-6.12-arm64-16k"), packages.asked.stream().filter(
        each -> each.contains("arm64")).toList(), "its name in bookworm");
  }

  @Test
  void anotherArchitectureHasItsOwnPackagesConsoleAndPrograms() throws IOException {
    DebianGuest pc = guest(DebianKernel.AMD64, folder -> 1L << 40);
    GuestImage image = pc.obtain(progress::add, GuestRequest.PLAIN);
    assertEquals(List.of("linux-image-6.1.0-1-amd64:amd64", "busybox-static:amd64"), image.provenance().stream().limit(2).map(each -> each
        .name()).toList());
    assertEquals("console=ttyS0 panic=-1", image.commandLine());
    assertEquals(Optional.empty(), image.deviceTrees());
    assertTrue(files(image).containsKey("/bin/xenstore-handover"));
    assertTrue(files(image).containsKey("/init"));
    assertFalse(files(obtain()).containsKey("/lib/modules/root.list"), "firmware starts disks");
    packages.network = false;
    assertEquals(Availability.State.READY, pc.availability().state());
    packages.network = true;
    BootException refused = assertThrows(BootException.class, () -> pc.obtain(progress::add, GuestRequest.PLAIN.withPackage("gdb")));
    assertTrue(refused.getMessage().contains("[gdb:amd64] can't be had"), refused.getMessage());
  }

  /** hi6220-hikey's console is serial3: a guest that had been told ttyAMA0 ran to its end without a word. */
  @Test
  void theCommandLineNamesTheConsoleThatTheBoardHas() {
    assertEquals("console=ttyAMA3 earlycon panic=-1", line(DebianKernel.USUAL, new BoardConsole(List.of("arm,pl011", "arm,primecell"), 3)));
    assertEquals("console=ttyS1 earlycon panic=-1", line(DebianKernel.PAGES_16K, new BoardConsole(List.of("acme,x", "ns16550a"), 1)));
    assertEquals("earlycon panic=-1", line(DebianKernel.USUAL, new BoardConsole(List.of("acme,uart"), 0)), "Linux takes stdout-path");
    assertEquals("console=ttyS0 panic=-1", line(DebianKernel.AMD64, new BoardConsole(List.of("ns16550a"), 1)), "COM1");
  }

  private String line(DebianKernel kind, BoardConsole console) {
    return guest(kind, folder -> 1L << 40).obtain(progress::add, GuestRequest.PLAIN.withConsole(console)).commandLine();
  }

  /** The lock has the package for arm64: the message says that that is what is wrong. */
  @Test
  void aPackageThatTheLockHasForTheOtherArchitectureIsToldSo() {
    packages.more.put("tool", new TarFile().file("./usr/bin/tool", "tool".getBytes(StandardCharsets.UTF_8)).deb());
    DebianGuest pc = guest(DebianKernel.AMD64, folder -> 1L << 40);
    BootException refused = assertThrows(BootException.class, () -> pc.obtain(progress::add, GuestRequest.PLAIN.withPackage("tool")));
    assertTrue(refused.getMessage().contains("The guest is of amd64, and tool is locked for arm64 only"), refused.getMessage());
  }

  private GuestImage obtain(GuestRequest request) {
    return guest().obtain(progress::add, request);
  }

  private GuestImage obtain() {
    return obtain(GuestRequest.PLAIN);
  }

  private Path version() {
    return root.resolve("6.1.0-1-arm64_1%2~3");
  }

  private static Map<String, CpioEntries.Entry> files(GuestImage image) throws IOException {
    return CpioEntries.of(new GZIPInputStream(new ByteArrayInputStream(image.initrd().get())).readAllBytes());
  }

  @Test
  void fetchesOnceAndThenNeedsNoNetwork() throws IOException {
    assertEquals(Availability.State.FETCHABLE, guest().availability().state());
    GuestImage first = obtain();
    assertArrayEquals(packages.kernel, first.kernel());
    assertEquals("console=ttyAMA0 earlycon panic=-1", first.commandLine());
    assertEquals("linux-image-6.1.0-1-arm64", first.provenance().getFirst().name());
    assertEquals("mustang", Files.readString(first.deviceTrees().get().resolve("apm/apm-mustang.dtb")));
    assertFalse(Files.exists(root.resolve("unfinished")));
    packages.network = false;
    packages.trouble = Optional.of(new PackageClient.Unusable("reason", "Remedy."));
    assertEquals(Availability.State.READY, guest().availability().state());
    GuestImage second = obtain();
    assertArrayEquals(first.kernel(), second.kernel());
    assertArrayEquals(first.initrd().get(), second.initrd().get());
    assertEquals(first.provenance(), second.provenance());
    assertEquals(2, packages.downloads.get());
  }

  @Test
  void unpacksTheDiskModulesWithWhatTheyNeed() throws IOException {
    Map<String, CpioEntries.Entry> files = files(obtain());
    assertEquals("virtio\nvirtio_mmio\nvirtio_blk\n", files.get("/lib/modules/disk.list").text());
    assertArrayEquals(ModuleFile.of("virtio", ""), files.get("/lib/modules/virtio.ko").data());
    assertFalse(files.containsKey("/lib/modules/other.ko"));
  }

  @Test
  void unpacksTheModulesOfXenDomainsInTheOrderTheyNeed() throws IOException {
    Map<String, CpioEntries.Entry> files = files(obtain());
    assertEquals("xen_privcmd\nxenfs\nxen_evtchn\nxen_gntdev\nxen_gntalloc\n", files.get("/lib/modules/dom0.list").text());
    assertEquals("nvme_core\nnvme\nvirtio\nvirtio_pci\nfailover\nnet_failover\nvirtio_net\n", files.get("/lib/modules/pci.list").text());
    assertEquals("xen_pciback\n", files.get("/lib/modules/pciback.list").text());
    assertEquals("fat\nvfat\nnls_cp437\nnls_ascii\n", files.get("/lib/modules/vfat.list").text());
    assertEquals("xen_blkfront\nxen_netfront\n", files.get("/lib/modules/domu.list").text());
    assertArrayEquals(ModuleFile.of("xen_privcmd", ""), files.get("/lib/modules/xen_privcmd.ko").data());
  }

  @Test
  void addsModulesAndFilesOfTheRequest() throws IOException {
    obtain();
    GuestRequest request = GuestRequest.PLAIN.withModule("extra-one").withModule("virtio_ring").withFile(GuestFile.executable("/bin/bench",
        new byte[7]));
    Map<String, CpioEntries.Entry> files = files(obtain(request));
    assertEquals("basis\nextra_one\n", files.get("/lib/modules/boot.list").text());
    assertEquals(7, files.get("/bin/bench").data().length);
    assertEquals("", files(obtain()).get("/lib/modules/boot.list").text());
    packages.trouble = Optional.of(new PackageClient.Unusable("reason", "Remedy."));
    assertEquals("basis\nextra_one\n", files(obtain(request)).get("/lib/modules/boot.list").text());
  }

  @Test
  void addsPackagesBeforeItsOwnFilesAndKeepsThem() throws IOException {
    obtain();
    packages.more.put("tool", new TarFile().file("./usr/bin/tool", ElfFile.needing(null, "libone.so")).file("./init", "theirs".getBytes(
        StandardCharsets.UTF_8)).deb());
    packages.more.put("libone", new TarFile().file("./lib/libone.so", "one".getBytes(StandardCharsets.UTF_8)).deb());
    packages.more.put("other", new TarFile().file("./usr/bin/other", "other".getBytes(StandardCharsets.UTF_8)).deb());
    GuestRequest request = GuestRequest.PLAIN.withPackage("tool");
    GuestImage image = obtain(request);
    Map<String, CpioEntries.Entry> files = files(image);
    assertEquals("one", files.get("/lib/libone.so").text());
    assertFalse(files.containsKey("/usr/bin/other"));
    assertTrue(files.get("/init").text().startsWith("#!/bin/sh"));
    assertEquals("libone 1:2~3\ntool 1:2~3\n", files.get("/lib/xenolith/packages").text());
    assertEquals(List.of("linux-image-6.1.0-1-arm64", "busybox-static", "libone", "tool", "initramfs"),
        image.provenance().stream().map(part -> part.name()).toList());
    assertFalse(Files.exists(root.resolve("unfinished")));
    assertFalse(files(obtain()).containsKey("/lib/libone.so"));

    int downloads = packages.downloads.get();
    packages.trouble = Optional.of(new PackageClient.Unusable("reason", "Remedy."));
    assertArrayEquals(image.initrd().get(), obtain(request).initrd().get());
    assertArrayEquals(image.initrd().get(), obtain(request.withPackage("tool").withRefresh()).initrd().get());
    assertTrue(progress.getLast().contains("reason"), progress.toString());
    packages.trouble = Optional.empty();
    obtain(request.withRefresh());
    assertEquals(downloads, packages.downloads.get());
    packages.more.put("libone", new TarFile().file("./lib/libone.so", "newer".getBytes(StandardCharsets.UTF_8)).deb());
    assertEquals("one", files(obtain(request)).get("/lib/libone.so").text());
    assertEquals("newer", files(obtain(request.withRefresh())).get("/lib/libone.so").text());
    assertEquals("newer", files(obtain(request)).get("/lib/libone.so").text());
  }

  @Test
  void packagesOfTheLockNeedNoPackageClient() throws IOException {
    packages.more.put("tool", new TarFile().file("./usr/bin/tool", "tool".getBytes(StandardCharsets.UTF_8)).deb());
    packages.trouble = Optional.of(new PackageClient.Unusable("this host has no package client", "Install one."));
    GuestRequest request = GuestRequest.PLAIN.withPackage("tool");
    byte[] image = obtain(request).initrd().get();
    packages.more.put("tool", new TarFile().file("./usr/bin/tool", "newer".getBytes(StandardCharsets.UTF_8)).deb());
    assertArrayEquals(image, obtain(request).initrd().get());
    assertMessage("unknown is not in the lock, and this host has no package client. Install one.", request.withPackage("unknown"));
    assertArrayEquals(image, obtain(request).initrd().get());
    packages.trouble = Optional.empty();
    assertEquals("newer", files(obtain(request.withRefresh())).get("/usr/bin/tool").text());
  }

  @Test
  void mendsADamagedArchiveOfPackages() throws IOException {
    packages.more.put("tool", new TarFile().file("./usr/bin/tool", "tool".getBytes(StandardCharsets.UTF_8)).deb());
    GuestRequest request = GuestRequest.PLAIN.withPackage("tool");
    byte[] whole = obtain(request).initrd().get();
    try (Stream<Path> tools = Files.list(version().resolve("tools"))) {
      for (Path file : tools.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
    assertArrayEquals(whole, obtain(request).initrd().get());
    assertArrayEquals(whole, obtain(request).initrd().get());
  }

  @Test
  void namesAPackageThatCanNotBeHad() {
    assertMessage("[nosuch] can't be had", GuestRequest.PLAIN.withPackage("nosuch"));
  }

  @Test
  void namesAModuleThatDoesNotExist() {
    assertMessage("no module 'nosuch'", GuestRequest.PLAIN.withModule("nosuch"));
  }

  @Test
  void namesAFileThatCanNotBeAdded() {
    assertMessage("'/bin/sh' is not a folder", GuestRequest.PLAIN.withFile(GuestFile.executable("/bin/sh/x", new byte[1])));
  }

  @Test
  void mendsADamagedFileFromThePackages() throws IOException {
    obtain();
    packages.network = false;
    for (String file : List.of("vmlinuz", "busybox", "modules/virtio_blk.ko")) {
      byte[] bytes = Files.readAllBytes(version().resolve(file));
      bytes[3] ^= 1;
      Files.write(version().resolve(file), bytes);
      assertArrayEquals(packages.kernel, obtain().kernel());
      assertTrue(progress.stream().anyMatch(line -> line.contains("the cache is damaged: " + file)), progress.toString());
      bytes[3] ^= 1;
      assertArrayEquals(bytes, Files.readAllBytes(version().resolve(file)));
    }
    Files.delete(version().resolve("vmlinuz"));
    assertArrayEquals(packages.kernel, obtain().kernel());
    assertEquals(2, packages.downloads.get());
  }

  @Test
  void checksBoardTreesWhenTheyAreAskedFor() throws IOException {
    obtain();
    Path tree = version().resolve("dtbs/apm/apm-mustang.dtb");
    Files.writeString(tree, "wrong!!");
    obtain();
    assertEquals("wrong!!", Files.readString(tree));
    obtain(GuestRequest.PLAIN.withDeviceTrees());
    assertEquals("mustang", Files.readString(tree));
  }

  @Test
  void fetchesAgainWhenThePackagesOrTheManifestAreDamaged() throws IOException {
    obtain();
    Files.writeString(version().resolve("vmlinuz"), "x");
    Files.writeString(version().resolve("packages/linux-image.deb"), "x");
    assertArrayEquals(packages.kernel, obtain().kernel());
    assertEquals(3, packages.downloads.get(), "the shell's package was whole");
    String manifest = Files.readString(version().resolve("manifest"));
    Files.writeString(version().resolve("manifest"), manifest.replaceFirst("file [0-9a-f]{4}", "file 0000"));
    assertArrayEquals(packages.kernel, obtain().kernel());
    assertEquals(3, packages.downloads.get());
  }

  @Test
  void refreshBringsANewVersionAndOnlyThat() {
    obtain();
    obtain(GuestRequest.PLAIN.withRefresh());
    assertEquals(2, packages.downloads.get());
    packages.release = "6.1.0-2";
    packages.kernel = "second kernel".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals("first kernel".getBytes(StandardCharsets.UTF_8), obtain().kernel());
    assertArrayEquals(packages.kernel, obtain(GuestRequest.PLAIN.withRefresh()).kernel());
    assertArrayEquals(packages.kernel, obtain().kernel());
    packages.network = false;
    assertArrayEquals(packages.kernel, obtain(GuestRequest.PLAIN.withRefresh()).kernel());
    assertTrue(progress.getLast().contains("no network"), progress.toString());
  }

  @Test
  void clearsWhatAnInterruptedStartLeft() throws IOException {
    Files.createDirectories(root.resolve("unfinished/packages"));
    Files.writeString(root.resolve("unfinished/packages/linux-image.deb"), "half");
    Files.writeString(root.resolve("current"), "../elsewhere\n");
    assertArrayEquals(packages.kernel, obtain().kernel());
  }

  @Test
  void aHostWithoutAPackageClientHasTheGuestOfTheLock() {
    packages.trouble = Optional.of(new PackageClient.Unusable("this host has no package client", "Install one."));
    assertEquals(Availability.State.FETCHABLE, guest().availability().state());
    assertArrayEquals(packages.kernel, obtain().kernel());
    GuestImage same = obtain(GuestRequest.PLAIN.withRefresh());
    assertArrayEquals(packages.kernel, same.kernel());
    assertTrue(progress.stream().anyMatch(line -> line.contains("this host has no package client. Install one.")), progress.toString());
  }

  @Test
  void withoutTheArchiveItSaysWhichPackageAndWhatToDo() {
    packages.network = false;
    bundled = packages.lock();
    assertMessage("linux-image-6.1.0-1-arm64 1:2~3 is not in the cache and can't be fetched (http://archive/debian/pool/main/",
        GuestRequest.PLAIN);
    assertMessage("no network; and apt says: no network). Check the network connection; without one, name a folder of packages in"
        + " XENOLITH_PACKAGES: './xenolith packages fetch --to DIR'", GuestRequest.PLAIN);
  }

  @Test
  void whenTheArchiveHasMovedOnNoOtherGuestIsTakenUnasked() {
    bundled = packages.lock();
    packages.release = "6.1.0-2";
    packages.kernel = "second kernel".getBytes(StandardCharsets.UTF_8);
    assertMessage("the archive no longer has linux-image-6.1.0-1-arm64 1:2~3, which the lock names (http://archive/debian/pool/main/linux-",
        GuestRequest.PLAIN);
    assertMessage("no such file); it has linux-image-6.1.0-2-arm64 1:2~3 now. './xenolith packages update' takes", GuestRequest.PLAIN);
    packages.trouble = Optional.of(new PackageClient.Unusable("reason", "Remedy."));
    assertMessage("no such file). './xenolith packages update' takes what the archive has now; or put that file", GuestRequest.PLAIN);
    packages.trouble = Optional.empty();
    assertEquals(0, packages.downloads.get());
    assertArrayEquals(packages.kernel, obtain(GuestRequest.PLAIN.withRefresh()).kernel());
  }

  @Test
  void anotherVersionInTheCacheIsNamedAndNotTaken() {
    obtain();
    packages.release = "6.1.0-2";
    bundled = packages.lock();
    packages.network = false;
    assertMessage("The cache has 6.1.0-1-arm64_1%2~3, which is another guest and isn't taken", GuestRequest.PLAIN);
  }

  @Test
  void aPackageWithAnotherDigestIsRefusedWithBoth() throws IOException {
    bundled = packages.lock();
    packages.added = "!";
    LockedPackage kernel = bundled.guest("debian").get().getFirst();
    byte[] changed = java.util.Arrays.copyOf(packages.kernelPackage(), (int) kernel.size() + 1);
    changed[(int) kernel.size()] = '!';
    assertMessage("the package linux-image-6.1.0-1-arm64 1:2~3 is not what it should be: http://archive/debian/" + kernel.path()
        + " has the SHA-256 " + Digests.sha256(changed) + " and " + changed.length + " bytes, the lock says " + kernel.sha256() + " and "
        + kernel.size() + ".", GuestRequest.PLAIN);
    assertEquals(1, packages.downloads.get(), "another mirror of the same is not asked for what somebody changed");
    packages.added = "";
    assertArrayEquals(packages.kernel, obtain().kernel());
  }

  @Test
  void aFolderOfPackagesTakesThePlaceOfTheArchive(@TempDir Path folder) throws IOException {
    bundled = packages.lock();
    environment.put("XENOLITH_PACKAGES", folder.toString());
    List<LockedPackage> parts = bundled.guest("debian").get();
    Availability without = guest().availability();
    assertEquals(Availability.State.UNAVAILABLE, without.state());
    assertTrue(without.reason().contains("the folder " + folder + ", which XENOLITH_PACKAGES names, has no " + parts.getFirst().file()),
        without.reason());
    assertMessage("has no " + parts.getFirst().file() + " (linux-image-6.1.0-1-arm64 1:2~3); './xenolith packages fetch --to DIR'",
        GuestRequest.PLAIN);
    Files.write(folder.resolve(parts.getFirst().file()), packages.kernelPackage());
    // as apt-get download names it
    Path shell = Files.writeString(folder.resolve("busybox-static_1%3a2~3_arm64.deb"), "another");
    assertMessage(shell + " has the SHA-256 " + Digests.sha256("another".getBytes(StandardCharsets.UTF_8)), GuestRequest.PLAIN);
    Files.write(shell, packages.busyboxPackage());
    assertEquals(Availability.State.FETCHABLE, guest().availability().state());
    assertArrayEquals(packages.kernel, obtain().kernel());
    assertEquals(0, packages.downloads.get());
  }

  @Test
  void aModuleThatTheKernelHasNotFailsOnlyWhatNeedsIt() throws IOException {
    packages.without.addAll(List.of("xen_pciback", "failover"));
    GuestImage image = obtain();
    for (String said : List.of("has no module 'failover'", "has no module 'xen_pciback': pciback will fail in the guest")) {
      assertTrue(progress.stream().anyMatch(line -> line.contains(said)), progress.toString());
    }
    Map<String, CpioEntries.Entry> files = files(image);
    assertEquals("xen_pciback\n", files.get("/lib/modules/pciback.list").text());
    assertFalse(files.containsKey("/lib/modules/xen_pciback.ko"));
    assertEquals("virtio\nvirtio_mmio\nvirtio_blk\n", files.get("/lib/modules/disk.list").text());
    assertArrayEquals(image.initrd().get(), obtain().initrd().get());
    assertMessage("the kernel package linux-image-6.1.0-1-arm64 1:2~3 has no module 'xen_pciback'", GuestRequest.PLAIN.withModule(
        "xen-pciback"));
  }

  @Test
  void theMachinesOwnLockIsToldAndCanBeDamaged() throws IOException {
    obtain();
    packages.release = "6.1.0-2";
    obtain(GuestRequest.PLAIN.withRefresh());
    assertTrue(progress.contains("newer: guest debian: linux-image-6.1.0-2-arm64 1:2~3, busybox-static 1:2~3 in the place of"
        + " linux-image-6.1.0-1-arm64 1:2~3, busybox-static 1:2~3"), progress.toString());
    progress.clear();
    obtain();
    assertTrue(progress.getFirst().contains("own lock " + root.resolve("packages.lock")) && progress.getFirst().endsWith(
        "linux-image-6.1.0-2-arm64 1:2~3, busybox-static 1:2~3 in the place of linux-image-6.1.0-1-arm64 1:2~3, busybox-static 1:2~3"),
        progress.toString());
    Files.writeString(root.resolve("packages.lock"), "xenolith-package-lock 1\nguest debian x y\nend\n");
    assertMessage("own lock " + root.resolve("packages.lock") + " is damaged: the package x is named and has no line of its own."
        + " './xenolith packages reset'", GuestRequest.PLAIN);
  }

  @Test
  void startsAtTheSameTimeFetchOnce() throws Exception {
    int starts = 4;
    try (ExecutorService threads = Executors.newFixedThreadPool(starts)) {
      List<Callable<GuestImage>> all = Collections.nCopies(starts, () -> guest().obtain(ProgressListener.SILENT, GuestRequest.PLAIN));
      for (Future<GuestImage> image : threads.invokeAll(all)) {
        assertArrayEquals(packages.kernel, image.get().kernel());
      }
    }
    assertEquals(2, packages.downloads.get());
  }

  @Test
  void fetchesAgainWhateverTheDamageIs() throws IOException {
    byte[] noise = new byte[3000];
    new Random(1).nextBytes(noise);
    obtain();
    List<Path> files = List.of(root.resolve("current"), version().resolve("manifest"), version().resolve("vmlinuz"));
    for (Path file : files) {
      for (byte[] damage : List.of(noise, new byte[0], new byte[100], "../../etc\n".getBytes(StandardCharsets.UTF_8))) {
        Files.write(file, damage);
        assertArrayEquals(packages.kernel, obtain().kernel(), file.toString());
      }
      Files.delete(file);
      Files.createDirectories(file.resolve("folder"));
      assertArrayEquals(packages.kernel, obtain().kernel(), file.toString());
    }
  }

  @Test
  void damageThatCanNotBeMendedHereAndNowIsSaid() throws IOException {
    obtain();
    packages.network = false;
    Files.write(version().resolve("manifest"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertArrayEquals(packages.kernel, obtain().kernel());
    Files.writeString(version().resolve("vmlinuz"), "x");
    Files.writeString(version().resolve("packages/linux-image.deb"), "x");
    assertMessage("no network", GuestRequest.PLAIN);
  }

  @Test
  void saysAtOnceThatThereIsNoRoom() {
    DebianGuest guest = guest(DebianKernel.USUAL, folder -> 20 << 20);
    String message = assertThrows(BootException.class, () -> guest.obtain(progress::add, GuestRequest.PLAIN)).getMessage();
    assertTrue(message.contains("there are 20 MiB free, and 300 are needed") && message.contains("XENOLITH_CACHE"), message);
    assertEquals(0, packages.downloads.get());
    obtain();
    assertArrayEquals(packages.kernel, guest.obtain(progress::add, GuestRequest.PLAIN).kernel());
  }

  @Test
  void aDamagedPackageIndexIsBegunAnewOnce() {
    packages.index = "damaged";
    assertArrayEquals(packages.kernel, obtain(GuestRequest.PLAIN.withRefresh()).kernel());
    assertTrue(progress.stream().anyMatch(line -> line.contains("beginning anew") && line.contains("damaged")), progress.toString());
  }

  private void assertMessage(String part, GuestRequest request) {
    String message = assertThrows(BootException.class, () -> obtain(request)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
