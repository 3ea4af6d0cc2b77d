// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/**
 * Debian at its shell on a PC with two CPUs, a virtio disk {@code /dev/vda} and an NVMe controller with {@code /dev/nvme0n1} on PCIe: booted once and
 * saved, so that each test starts from there.
 */
public final class PcGuest {
  /** Bytes of each disk. */
  public static final int DISK_BYTES = 4 << 20;
  private static final String NAME = "debian-amd64-cloud";
  private static final long SEED = 20261127;
  /** Content of the virtio disk. */
  public static final RandomDisk VIRTIO = new RandomDisk(SEED, DISK_BYTES);
  /** Content of the NVMe controller's disk. */
  public static final RandomDisk NVME = new RandomDisk(SEED + 1, DISK_BYTES);

  private static Path snapshot;
  private static LaunchRequest request;
  private static Set<String> making;

  private PcGuest() {}

  private static void boot() throws IOException {
    Path folder = Files.createTempDirectory("xenolith-pc-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    request = RequestBuilder.of("pc-pvh").guest(NAME).cpus(2).memory(256L << 20).boardOption("pcie", "ecam").option("pci", "1.0=nvme")
        .disks(List.of(NVME.write(folder.resolve("nvme.raw")) + ",pci=1.0", VIRTIO.write(folder.resolve("virtio.raw")).toString()))
        .append("quiet cryptomgr.notests xl.pci xl.disk xl.shell").build();
    try (GuestMachine booted = GuestMachine.launch(request)) {
      GuestImage image = InstalledProduct.get().services(GuestSource.class).stream().filter(source -> source.name().equals(NAME))
          .findFirst()
          .orElseThrow().obtain(System.out::println, GuestRequest.PLAIN);
      making = PcBundles.making(booted.machine(), request, image);
      booted.runUntil(ShellGuest.PROMPT);
      booted.save(folder.resolve("snapshot"));
    }
    snapshot = folder.resolve("snapshot");
  }

  /** A machine whose guest waits at its shell. */
  public static GuestMachine resume() throws IOException {
    return resume("");
  }

  /** The same executed by that engine; an empty name is the best one's. */
  public static synchronized GuestMachine resume(String engine) throws IOException {
    if (snapshot == null) {
      boot();
    }
    return GuestMachine.launch(RequestBuilder.ofSnapshot(snapshot).engine(engine).build());
  }

  /** All bundles of such a machine: of its devices, its making and engines that its CPUs can have, and others that are made for x86-64. */
  public static Set<String> bundles() throws IOException {
    Set<String> bundles = new TreeSet<>(PcBundles.madeForX86());
    try (GuestMachine guest = resume()) {
      bundles.addAll(PcBundles.serving(guest.machine()));
    }
    bundles.addAll(PcBundles.engines().values());
    bundles.addAll(making);
    return bundles;
  }

  /** Another such machine, which hasn't run yet. */
  public static GuestMachine another() {
    return GuestMachine.launch(request);
  }

  /** Those that were asked when it was made; after {@link #resume}. */
  public static Set<String> making() {
    return making;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println(folder + " could not be deleted: " + e.getMessage());
    }
  }
}
