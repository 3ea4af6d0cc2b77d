// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.xenolith.boot.api.ProgressListener;

/** A mirror in memory. A package file is the bare tar archive. */
final class FakePackages implements PackageClient {
  final AtomicInteger downloads = new AtomicInteger();
  Optional<Unusable> trouble = Optional.empty();
  boolean network = true;
  /** What is wrong with the private state; forgotten with it. */
  String index = "";
  String release = "6.1.0-1";
  /** A metapackage that this mirror hasn't. */
  String missing = "";
  /** The metapackage that was asked for last. */
  String asked = "";
  byte[] kernel = "first kernel".getBytes(StandardCharsets.UTF_8);
  /** Further packages; each of them needs all of them. */
  final SortedMap<String, byte[]> more = new TreeMap<>();

  byte[] kernelPackage() {
    TarFile tar = new TarFile();
    for (String name : new String[] {"privcmd", "evtchn", "gntdev", "gntalloc", "blkfront", "netfront"}) {
      tar.file("./lib/modules/" + release + "/kernel/drivers/xen-" + name + ".ko", ModuleFile.of("xen_" + name, ""));
    }
    return tar.file("./lib/modules/" + release + "/kernel/drivers/xen/xenfs.ko", ModuleFile.of("xenfs", "xen-privcmd")).folder("./boot/")
        .file("./boot/config-" + release, "x".getBytes(StandardCharsets.UTF_8)).file("./boot/vmlinuz-" + release, kernel)
        .file("./lib/modules/" + release + "/kernel/drivers/a/basis.ko", ModuleFile.of("basis", ""))
        .file("./lib/modules/" + release + "/kernel/drivers/a/extra-one.ko", ModuleFile.of("extra_one", "basis,virtio_ring"))
        .file("./lib/modules/" + release + "/kernel/drivers/a/other.ko", ModuleFile.of("other", ""))
        .file("./lib/modules/" + release + "/kernel/drivers/virtio/virtio_blk.ko", ModuleFile.of("virtio_blk", "virtio"))
        .file("./lib/modules/" + release + "/kernel/drivers/virtio/virtio_mmio.ko", ModuleFile.of("virtio_mmio", "virtio,virtio_ring"))
        .file("./lib/modules/" + release + "/kernel/drivers/virtio/virtio_pci.ko", ModuleFile.of("virtio_pci", "virtio,virtio_ring"))
        .file("./lib/modules/" + release + "/kernel/drivers/net/virtio_net.ko", ModuleFile.of("virtio_net",
            "virtio,virtio_ring,net_failover"))
        .file("./lib/modules/" + release + "/kernel/drivers/net/net_failover.ko", ModuleFile.of("net_failover", "failover"))
        .file("./lib/modules/" + release + "/kernel/net/core/failover.ko", ModuleFile.of("failover", ""))
        .file("./lib/modules/" + release + "/kernel/drivers/nvme/host/nvme.ko", ModuleFile.of("nvme", "nvme_core"))
        .file("./lib/modules/" + release + "/kernel/drivers/nvme/host/nvme-core.ko", ModuleFile.of("nvme_core", ""))
        .file("./lib/modules/" + release + "/kernel/drivers/xen/xen-pciback.ko", ModuleFile.of("xen_pciback", ""))
        .file("./lib/modules/" + release + "/kernel/fs/fat/fat.ko", ModuleFile.of("fat", ""))
        .file("./lib/modules/" + release + "/kernel/fs/fat/vfat.ko", ModuleFile.of("vfat", "fat"))
        .file("./lib/modules/" + release + "/kernel/fs/nls/nls_cp437.ko", ModuleFile.of("nls_cp437", ""))
        .file("./lib/modules/" + release + "/kernel/fs/nls/nls_ascii.ko", ModuleFile.of("nls_ascii", ""))
        .file("./lib/modules/" + release + "/modules.builtin", "kernel/drivers/virtio/virtio_ring.ko\n".getBytes(StandardCharsets.UTF_8))
        .file("./lib/modules/" + release + "/kernel/zz/virtio.ko.xz", packed(ModuleFile.of("virtio", "")))
        .file("./usr/lib/linux-image-" + release + "/apm/apm-mustang.dtb", "mustang".getBytes(StandardCharsets.UTF_8))
        .file("./usr/lib/linux-image-" + release + "/../../../evil.dtb", "evil".getBytes(StandardCharsets.UTF_8)).bytes();
  }

  private static byte[] packed(byte[] data) {
    return ("xz" + new String(data, java.nio.charset.StandardCharsets.ISO_8859_1)).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  byte[] busyboxPackage() {
    return new TarFile().file("./usr/share/doc/readme", new byte[700]).file("./bin/busybox", "busybox program".getBytes(
        StandardCharsets.UTF_8))
        .file("./usr/share/man", new byte[70_000]).bytes();
  }

  private byte[] bytes(String name) {
    return more.containsKey(name) ? more.get(name) : name.equals("busybox-static") ? busyboxPackage() : kernelPackage();
  }

  @Override
  public Optional<Unusable> unusable() {
    return trouble;
  }

  @Override
  public void update(ProgressListener progress) throws IOException {
    if (!network) {
      throw new IOException("no network");
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
    asked = metapackage;
    if (metapackage.equals(missing)) {
      throw new IOException(metapackage + " is missing");
    }
    if (!index.isEmpty()) {
      throw new IOException("the index is " + index);
    }
    return prefix + release + "-arm64";
  }

  @Override
  public Package candidate(String name) {
    return new Package(name, "1:2~3", Digests.sha256(bytes(name)));
  }

  @Override
  public List<Package> closure(Collection<String> names) throws IOException {
    if (!network || !more.keySet().containsAll(names)) {
      throw new IOException("the packages " + names + " can't be had");
    }
    return more.keySet().stream().map(this::candidate).toList();
  }

  @Override
  public List<Path> download(List<Package> wanted, Path folder, ProgressListener progress) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Package one : wanted) {
      downloads.incrementAndGet();
      files.add(Files.write(folder.resolve(one.name() + ".deb"), bytes(one.name())));
    }
    return files;
  }

  @Override
  public <T> T contents(Path packageFile, Command.Reader<T> reader) throws IOException {
    return reader.read(new ByteArrayInputStream(Files.readAllBytes(packageFile)));
  }

  @Override
  public byte[] unpackXz(byte[] data) {
    return java.util.Arrays.copyOfRange(data, 2, data.length);
  }
}
