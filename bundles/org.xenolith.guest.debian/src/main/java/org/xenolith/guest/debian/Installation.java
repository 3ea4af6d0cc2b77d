// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.xenolith.boot.api.Provenance;

/**
 * One version of the guest in the cache: the packages, and what was taken out of them. Used under the cache's lock.
 *
 * @param folder where it lies
 * @param manifest what lies there
 * @param checked which of that was read before, and is as it was
 */
record Installation(Path folder, CacheManifest manifest, CheckedFiles checked) {
  static final String KERNEL = "vmlinuz";
  static final String BUSYBOX = "busybox";
  static final String DEVICE_TREES = "dtbs";
  static final String KERNEL_PACKAGE = "packages/linux-image.deb";
  static final String BUSYBOX_PACKAGE = "packages/busybox-static.deb";
  /** What init loads for its words, and xl-load on demand, by the name of the list, in any order; what they need in turn comes with them. */
  static final SortedMap<String, List<String>> MODULE_LISTS = new TreeMap<>(Map.of(
      "disk", List.of("virtio_mmio", "virtio_blk"),
      "dom0", List.of("xenfs", "xen_privcmd", "xen_evtchn", "xen_gntdev", "xen_gntalloc"),
      "domu", List.of("xen_blkfront", "xen_netfront"),
      "efi", List.of("efivarfs"),
      "pci", List.of("nvme", "virtio_pci", "virtio_net"),
      "pciback", List.of("xen_pciback"),
      "root", List.of("virtio_mmio", "virtio_pci", "virtio_blk", "nvme", "crc32c_generic", "ext4"),
      "vfat", List.of("vfat", "nls_cp437", "nls_ascii")));
  private static final List<String> BUSYBOX_PATHS = List.of("bin/busybox", "usr/bin/busybox");
  private static final String MODULES = "modules";
  private static final int PIECE = 256 << 10;

  /** A file is not what the manifest says. */
  static final class Damage extends IOException {
    private static final long serialVersionUID = 1L;

    Damage(String message) {
      super(message);
    }
  }

  /** What a folder holds, if that is just what was taken out of these packages; empty too when its manifest can't be trusted. */
  static Optional<Installation> of(Path folder, List<Provenance> packages) throws IOException {
    CheckedFiles checked = CheckedFiles.of(folder);
    return CacheManifest.read(folder, checked).filter(manifest -> manifest.from(packages)).map(manifest -> new Installation(folder,
        manifest, checked));
  }

  /**
   * Unpacks what is needed from two checked packages and puts it in place of the folder.
   *
   * @param fresh a folder beside the final one that holds the packages already
   * @param read the kernel's package, if all of it was read while it came
   */
  static Installation build(Path fresh, Path folder, List<Provenance> packages, Optional<KernelPackage> read) throws IOException {
    KernelPackage kernel = read.orElseGet(() -> new KernelPackage(fresh.resolve(KERNEL_PACKAGE)));
    if (read.isEmpty()) {
      kernel.readAll(moduleNames());
    }
    Files.write(fresh.resolve(KERNEL), kernel.kernel());
    Files.write(fresh.resolve(BUSYBOX), busybox(fresh.resolve(BUSYBOX_PACKAGE)));
    for (Map.Entry<String, byte[]> module : kernel.modules().entrySet()) {
      store(fresh, modulePath(module.getKey()), module.getValue());
    }
    for (Map.Entry<String, byte[]> tree : kernel.deviceTrees().entrySet()) {
      store(fresh, DEVICE_TREES + "/" + tree.getKey(), tree.getValue());
    }
    SortedMap<String, CacheManifest.Stored> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(fresh)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(fresh.relativize(file).toString().replace('\\', '/'), CacheManifest.Stored.of(file));
      }
    }
    CacheManifest manifest = CacheManifest.of(packages, kernel.builtIn(), List.copyOf(kernel.absent()), files);
    manifest.write(fresh);
    delete(folder);
    Files.move(fresh, folder);
    return new Installation(folder, manifest, CheckedFiles.of(folder));
  }

  private static byte[] busybox(Path file) throws IOException {
    List<byte[]> found = new ArrayList<>();
    DebFile.read(file, (entry, content) -> {
      if (DebFile.regular(entry) && BUSYBOX_PATHS.contains(DebFile.path(entry))) {
        found.add(content.readAllBytes());
      }
      return found.isEmpty();
    });
    if (found.isEmpty()) {
      throw new IOException("the package busybox-static holds no bin/busybox");
    }
    return found.getFirst();
  }

  /** The modules that any list names. */
  static List<String> moduleNames() {
    return MODULE_LISTS.values().stream().flatMap(List::stream).toList();
  }

  /** The lists that name a module. */
  static List<String> listsWith(String module) {
    return MODULE_LISTS.entrySet().stream().filter(list -> list.getValue().contains(module)).map(Map.Entry::getKey).toList();
  }

  /** Reads a file and checks it, unless that was done before and nobody has written it since. */
  byte[] read(String path) throws IOException {
    CacheManifest.Stored stored = manifest.files().get(path);
    Path file = folder.resolve(path);
    if (stored == null || !Files.isRegularFile(file) || Files.size(file) != stored.size()) {
      throw new Damage(path + " is missing or of the wrong size");
    }
    if (checked.still(path, stored.sha256())) {
      return content(file, (int) stored.size());
    }
    String before = checked.facts(path);
    byte[] content = content(file, (int) stored.size());
    if (!Digests.sha256(content).equals(stored.sha256())) {
      throw new Damage(path + " is damaged");
    }
    checked.note(path, path, stored.sha256(), before);
    return content;
  }

  /** A file of this size, piece by piece: at once it would be read into a buffer as large outside of the heap, and copied. */
  private static byte[] content(Path file, int size) throws IOException {
    byte[] all = new byte[size];
    try (FileChannel in = FileChannel.open(file)) {
      for (int at = 0; at < size;) {
        int count = in.read(ByteBuffer.wrap(all, at, Math.min(PIECE, size - at)));
        if (count < 0) {
          throw new Damage(file.getFileName() + " ends early");
        }
        at += count;
      }
    }
    return all;
  }

  /** Checks all board trees. */
  void checkDeviceTrees() throws IOException {
    Optional<String> damage = manifest.firstDamage(folder, manifest.filesUnder(DEVICE_TREES).keySet());
    if (damage.isPresent()) {
      throw new Damage(damage.get());
    }
  }

  /** Whether every file is there with its size; the contents are checked when they are read. */
  boolean complete() throws IOException {
    for (Map.Entry<String, CacheManifest.Stored> file : manifest.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!file.getKey().startsWith(DEVICE_TREES) && (!Files.isRegularFile(path) || Files.size(path) != file.getValue().size())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Unpacks further modules when they are not there yet.
   *
   * @throws IOException names a module that the kernel's package hasn't
   */
  Installation withModules(Collection<String> wanted) throws IOException {
    List<String> missing = wanted.stream().map(ModuleInfo::canonical)
        .filter(name -> !manifest.files().containsKey(modulePath(name)) && !manifest.builtIn().contains(name)).toList();
    if (missing.isEmpty()) {
      return this;
    }
    Optional<String> damage = manifest.firstDamage(folder, List.of(KERNEL_PACKAGE));
    if (damage.isPresent()) {
      throw new Damage(damage.get());
    }
    KernelPackage kernel = new KernelPackage(folder.resolve(KERNEL_PACKAGE));
    kernel.readModules(missing);
    if (!kernel.absent().isEmpty()) {
      Provenance origin = manifest.packages().getFirst();
      throw new IOException("the kernel package " + origin.name() + " " + origin.version() + " has no module '"
          + String.join("', '", kernel.absent()) + "', which " + String.join(", ", missing) + " asks for");
    }
    Map<String, byte[]> more = new TreeMap<>();
    kernel.modules().forEach((name, module) -> more.put(modulePath(name), module));
    return withFiles(more);
  }

  /** Adds files by their path in the folder, or replaces them. */
  Installation withFiles(Map<String, byte[]> more) throws IOException {
    SortedMap<String, CacheManifest.Stored> files = new TreeMap<>(manifest.files());
    for (Map.Entry<String, byte[]> file : more.entrySet()) {
      store(folder, file.getKey(), file.getValue());
      files.put(file.getKey(), new CacheManifest.Stored(file.getValue().length, Digests.sha256(file.getValue())));
    }
    CacheManifest wider = CacheManifest.of(manifest.packages(), manifest.builtIn(), manifest.absent(), files);
    wider.write(folder);
    return new Installation(folder, wider, checked);
  }

  /**
   * The named modules and all that they need, in an order in which they can be loaded. One that the kernel's package hasn't stands
   * there without content, so that what loads the list can name it.
   */
  Map<String, byte[]> modulesInOrder(Collection<String> roots) throws IOException {
    Map<String, byte[]> ordered = new LinkedHashMap<>();
    for (String root : roots) {
      append(ModuleInfo.canonical(root), ordered, new ArrayList<>());
    }
    return ordered;
  }

  private void append(String name, Map<String, byte[]> ordered, List<String> above) throws IOException {
    if (ordered.containsKey(name) || manifest.builtIn().contains(name)) {
      return;
    }
    if (above.contains(name)) {
      throw new IOException("the modules " + String.join(", ", above) + " depend on each other");
    }
    if (manifest.absent().contains(name)) {
      ordered.put(name, new byte[0]);
      return;
    }
    byte[] module = read(modulePath(name));
    above.add(name);
    for (String dependency : ModuleInfo.of(module).dependencies()) {
      append(dependency, ordered, above);
    }
    above.removeLast();
    ordered.put(name, module);
  }

  private static String modulePath(String name) {
    return MODULES + "/" + name + ".ko";
  }

  private static void store(Path folder, String path, byte[] content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /** Deletes a folder with all that is in it; nothing happens when there is none. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
