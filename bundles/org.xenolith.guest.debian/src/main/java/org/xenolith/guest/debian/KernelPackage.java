// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tukaani.xz.XZInputStream;

/** Picks out of a kernel package the few files that a guest needs; the package's thousands of modules stay packed. */
final class KernelPackage {
  private static final Pattern KERNEL = Pattern.compile("boot/vmlinuz-.+");
  private static final Pattern MODULE = Pattern.compile("(?:usr/)?lib/modules/[^/]+/.*/([^/]+)\\.ko(\\.xz)?");
  private static final Pattern BUILT_IN = Pattern.compile("(?:usr/)?lib/modules/[^/]+/modules\\.builtin");
  private static final Pattern DEVICE_TREE = Pattern.compile("usr/lib/linux-image-[^/]+/((?:[\\w.,+-]+/)*[\\w.,+-]+\\.dtb)");

  /** What a guest needs of a package had 57 MiB in 2026. */
  private static final int MOST_KEPT = 256 << 20;
  private static final int MOST_MEMORY = 128 << 10;

  /**
   * What others of Debian's need, with underscores: kept when it goes by the first time, as going through a kernel's package takes seconds, and a module's name says nothing
   * of its needs. One that isn't named here costs a second time.
   */
  private static final Set<String> LIKELY = Set.of("9pnet", "crc16", "crc32c_generic", "crc64", "crc64_rocksoft", "crc_t10dif",
      "crct10dif_common", "failover", "fat",
      "fscache", "jbd2", "mbcache", "net_failover", "netfs", "nvme_core", "t10_pi", "virtio", "virtio_pci_legacy_dev",
      "virtio_pci_modern_dev", "virtio_ring", "xen_privcmd");

  private final String name;
  private final DebFile.Source source;
  private final Set<String> builtIn = new TreeSet<>();
  private final Set<String> absent = new TreeSet<>();
  private final Map<String, byte[]> modules = new TreeMap<>();
  private final Map<String, byte[]> passed = new TreeMap<>();
  private final Map<String, byte[]> deviceTrees = new TreeMap<>();
  private byte[] kernel;
  private int times;
  private int room;

  KernelPackage(Path file) {
    this(file.getFileName().toString(), () -> Files.newInputStream(file));
  }

  /**
   * One whose bytes come from elsewhere.
   *
   * @param name the file's
   */
  KernelPackage(String name, DebFile.Source source) {
    this.name = name;
    this.source = source;
  }

  byte[] kernel() {
    return kernel;
  }

  /** Board trees by their path below the package's folder, for example {@code apm/apm-mustang.dtb}. */
  Map<String, byte[]> deviceTrees() {
    return deviceTrees;
  }

  /** Unpacked modules by name, with underscores. */
  Map<String, byte[]> modules() {
    return modules;
  }

  /** Modules that are part of the kernel, with underscores. */
  List<String> builtIn() {
    return List.copyOf(builtIn);
  }

  /** Modules that were asked for, or that one of those needs, and that the package hasn't; with underscores. */
  Set<String> absent() {
    return absent;
  }

  /** Reads kernel, board trees and the named modules with all that they depend on. */
  void readAll(Collection<String> roots) throws IOException {
    read(roots, true);
    if (kernel == null) {
      throw new IOException(name + " holds no boot/vmlinuz-*");
    }
  }

  /** Reads the named modules and all that they depend on. */
  void readModules(Collection<String> roots) throws IOException {
    read(roots, false);
  }

  /** How many times all of the package was gone through. */
  int times() {
    return times;
  }

  private void read(Collection<String> roots, boolean everything) throws IOException {
    Set<String> wanted = new LinkedHashSet<>();
    roots.forEach(root -> wanted.add(ModuleInfo.canonical(root)));
    boolean whole = everything;
    while (!wanted.isEmpty()) {
      // One of the likely ones that has not gone by isn't there.
      if (times == 0 || wanted.stream().anyMatch(name -> !passed.containsKey(name) && !LIKELY.contains(name))) {
        scan(Set.copyOf(wanted), whole);
      }
      whole = false;
      for (String name : wanted) {
        if (passed.containsKey(name)) {
          modules.putIfAbsent(name, passed.get(name));
        }
      }
      wanted.removeAll(builtIn);
      wanted.removeAll(modules.keySet());
      absent.addAll(wanted);
      wanted.clear();
      // What a pass brought may depend on modules that had gone by already.
      modules.forEach((name, bytes) -> wanted.addAll(info(name, bytes).dependencies()));
      wanted.removeAll(modules.keySet());
      wanted.removeAll(builtIn);
      wanted.removeAll(absent);
    }
  }

  private void scan(Set<String> wanted, boolean everything) throws IOException {
    times++;
    room = MOST_KEPT;
    DebFile.read(name, source, (entry, content) -> {
      String path = DebFile.path(entry);
      if (DebFile.regular(entry)) {
        scan(path, content, wanted, everything);
      }
      return true;
    });
  }

  private void scan(String path, InputStream content, Set<String> wanted, boolean everything) throws IOException {
    Matcher module = MODULE.matcher(path);
    if (module.matches()) {
      String name = ModuleInfo.canonical(module.group(1));
      if (wanted.contains(name) || LIKELY.contains(name)) {
        passed.put(name, all(module.group(2) == null ? content : new XZInputStream(content, MOST_MEMORY)));
      }
    } else if (BUILT_IN.matcher(path).matches()) {
      new String(all(content), StandardCharsets.UTF_8).lines().map(KernelPackage::moduleName).forEach(builtIn::add);
    } else if (everything && KERNEL.matcher(path).matches()) {
      kernel = all(content);
    } else if (everything) {
      Matcher tree = DEVICE_TREE.matcher(path);
      if (tree.matches() && !tree.group(1).contains("..")) {
        deviceTrees.put(tree.group(1), all(content));
      }
    }
  }

  /** All of a file that is kept. What comes over a line is read before its digest is known: it must not fill the memory. */
  private byte[] all(InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(room + 1);
    if (bytes.length > room) {
      throw new IOException("what a guest needs of it has more than " + (MOST_KEPT >> 20) + " MiB");
    }
    room -= bytes.length;
    return bytes;
  }

  private static String moduleName(String path) {
    return ModuleInfo.canonical(path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.ko.*", ""));
  }

  private ModuleInfo info(String name, byte[] module) {
    try {
      return ModuleInfo.of(module);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UncheckedIOException(new IOException(this.name + ": module " + name + " is damaged: "
          + (e instanceof IndexOutOfBoundsException ? "it ends too early" : e.getMessage()), e));
    }
  }
}
