// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

import org.xenolith.boot.api.ProgressListener;

/** An archive in memory: its pool, and its package client. A file's path changes with its content, as versions do. */
class FakePackages implements PackageClient, Download {
  private static final int PIECE = 700;
  final AtomicInteger downloads = new AtomicInteger();
  Optional<Unusable> trouble = Optional.empty();
  boolean network = true;
  /** What is wrong with the private state; forgotten with it. */
  String index = "";
  String release = "6.1.0-1";
  /** A metapackage that this archive hasn't. */
  String missing = "";
  /** The metapackages that were asked for. */
  final List<String> asked = new ArrayList<>();
  /** Modules that the kernel's package hasn't. */
  final SortedSet<String> without = new TreeSet<>();
  byte[] kernel = "first kernel".getBytes(StandardCharsets.UTF_8);
  /** Further packages; each of them needs all of them. */
  final SortedMap<String, byte[]> more = new TreeMap<>();
  /** Bytes that whoever answers puts at the end of a file. */
  String added = "";

  byte[] kernelPackage() {
    TarFile tar = new TarFile();
    for (String name : new String[] {"privcmd", "evtchn", "gntdev", "gntalloc", "blkfront", "netfront", "pciback"}) {
      module(tar, "drivers/xen-" + name, "");
    }
    module(tar, "drivers/xen/xenfs", "xen-privcmd");
    tar.folder("./boot/").file("./boot/config-" + release, "x".getBytes(StandardCharsets.UTF_8)).file("./boot/vmlinuz-" + release, kernel);
    module(tar, "drivers/a/basis", "");
    module(tar, "drivers/a/extra-one", "basis,virtio_ring");
    module(tar, "drivers/a/other", "");
    module(tar, "drivers/virtio/virtio_blk", "virtio");
    module(tar, "drivers/virtio/virtio_mmio", "virtio,virtio_ring");
    module(tar, "drivers/virtio/virtio_pci", "virtio,virtio_ring");
    module(tar, "drivers/net/virtio_net", "virtio,virtio_ring,net_failover");
    module(tar, "drivers/net/net_failover", "failover");
    module(tar, "net/core/failover", "");
    module(tar, "drivers/nvme/host/nvme", "nvme_core");
    module(tar, "drivers/nvme/host/nvme-core", "");
    module(tar, "fs/fat/fat", "");
    module(tar, "fs/fat/vfat", "fat");
    module(tar, "fs/nls/nls_cp437", "");
    module(tar, "fs/nls/nls_ascii", "");
    return tar.file("./lib/modules/" + release + "/modules.builtin", "kernel/drivers/virtio/virtio_ring.ko\n".getBytes(
        StandardCharsets.UTF_8))
        .file("./lib/modules/" + release + "/kernel/zz/virtio.ko.xz", TarFile.xz(ModuleFile.of("virtio", "")))
        .file("./usr/lib/linux-image-" + release + "/apm/apm-mustang.dtb", "mustang".getBytes(StandardCharsets.UTF_8))
        .file("./usr/lib/linux-image-" + release + "/../../../evil.dtb", "evil".getBytes(StandardCharsets.UTF_8)).deb();
  }

  private void module(TarFile tar, String path, String needs) {
    String name = ModuleInfo.canonical(path.substring(path.lastIndexOf('/') + 1));
    if (!without.contains(name)) {
      tar.file("./lib/modules/" + release + "/kernel/" + path + ".ko", ModuleFile.of(name, needs));
    }
  }

  byte[] busyboxPackage() {
    return new TarFile().file("./usr/share/doc/readme", new byte[700]).file("./bin/busybox", "busybox program".getBytes(
        StandardCharsets.UTF_8))
        .file("./usr/share/man", new byte[70_000]).deb();
  }

  byte[] bytes(String name) {
    return more.containsKey(name) ? more.get(name) : name.startsWith("busybox-static") ? busyboxPackage() : kernelPackage();
  }

  /** A lock of what is there now; what can be asked for is all of {@link #more}. */
  PackageLock lock() {
    try {
      boolean reached = network;
      network = true;
      SortedMap<String, List<String>> guests = new TreeMap<>();
      SortedMap<String, List<String>> closures = new TreeMap<>();
      SortedMap<String, LockedPackage> packages = new TreeMap<>();
      for (DebianKernel kind : DebianKernel.values()) {
        List<String> parts = List.of(kernelName(kind.architecture), "busybox-static" + kind.architecture);
        for (String name : parts) {
          packages.put(name, candidate(name));
        }
        guests.put(kind.guest, parts);
      }
      for (String name : more.keySet()) {
        packages.put(name, candidate(name));
        closures.put(name, List.copyOf(more.keySet()));
      }
      network = reached;
      return new PackageLock(List.of(new PackageLock.Archive("http://archive/debian", "pool/", List.of("stable"))), guests,
          new TreeMap<>(), closures,
          new TreeSet<>(), packages);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Optional<Unusable> unusable() {
    return trouble;
  }

  @Override
  public void update(ProgressListener progress) throws IOException {
    reach();
  }

  private void reach() throws IOException {
    if (!network) {
      throw new ConnectException("no network");
    }
  }

  @Override
  public boolean forget() {
    boolean worth = network && !index.isEmpty();
    index = "";
    return worth;
  }

  @Override
  public String dependency(String metapackage, String prefix) throws IOException {
    asked.add(metapackage);
    if (metapackage.equals(missing)) {
      throw new IOException(metapackage + " is missing");
    }
    if (!index.isEmpty()) {
      throw new IOException("the index is " + index);
    }
    return kernelName(metapackage.endsWith(":amd64") ? ":amd64" : "");
  }

  private String kernelName(String architecture) {
    return LockRenewal.KERNEL_PREFIX + release + (architecture.isEmpty() ? "-arm64" : "-amd64" + architecture);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(more.keySet());
    names.addAll(List.of("busybox-static", kernelName(""), "busybox-static:amd64", kernelName(":amd64")));
    return names;
  }

  @Override
  public LockedPackage candidate(String name) throws IOException {
    reach();
    if (!names().contains(name)) {
      throw new IOException("there is no package " + name);
    }
    byte[] bytes = bytes(name);
    String digest = Digests.sha256(bytes);
    return new LockedPackage(name, "1:2~3", bytes.length, digest, "pool/main/" + name.replace(":amd64", "") + "_" + digest.substring(0, 8)
        + (name.endsWith(":amd64") ? "_amd64.deb" : "_arm64.deb"));
  }

  @Override
  public List<LockedPackage> closure(Collection<String> names) throws IOException {
    if (!network || !more.keySet().containsAll(names)) {
      throw new IOException("the packages " + names + " can't be had");
    }
    List<LockedPackage> all = new ArrayList<>();
    for (String name : more.keySet()) {
      all.add(candidate(name));
    }
    return all;
  }

  @Override
  public Path download(LockedPackage wanted, Path folder, ProgressListener progress) throws IOException {
    throw new IOException("the client downloads nothing here");
  }

  @Override
  public void copy(String address, Path file, LongConsumer told) throws IOException {
    reach();
    for (String name : names()) {
      if (address.equals("http://archive/debian/" + candidate(name).path())) {
        downloads.incrementAndGet();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(bytes(name));
        content.writeBytes(added.getBytes(StandardCharsets.UTF_8));
        inPieces(content.toByteArray(), file, told);
        return;
      }
    }
    throw new FileNotFoundException(address);
  }

  /** Writes a file as one does that comes over a line. */
  static void inPieces(byte[] content, Path file, LongConsumer told) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int at = 0; at < content.length;) {
        int count = Math.min(PIECE, content.length - at);
        out.write(content, at, count);
        at += count;
        told.accept(at);
      }
    }
  }
}
