// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

/** Picks out of a kernel package the few files that a guest needs; the package's thousands of modules stay packed. */
final class KernelPackage {
  private static final Pattern KERNEL = Pattern.compile("boot/vmlinuz-.+");
  private static final Pattern MODULE = Pattern.compile("(?:usr/)?lib/modules/[^/]+/.*/([^/]+)\\.ko(\\.xz)?");
  private static final Pattern BUILT_IN = Pattern.compile("(?:usr/)?lib/modules/[^/]+/modules\\.builtin");
  private static final Pattern DEVICE_TREE = Pattern.compile("usr/lib/linux-image-[^/]+/((?:[\\w.,+-]+/)*[\\w.,+-]+\\.dtb)");

  private final PackageClient client;
  private final Path file;
  private final Set<String> builtIn = new TreeSet<>();
  private final Map<String, byte[]> modules = new TreeMap<>();
  private final Map<String, byte[]> deviceTrees = new TreeMap<>();
  private byte[] kernel;

  KernelPackage(PackageClient client, Path file) {
    this.client = client;
    this.file = file;
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

  /** Reads kernel, board trees and the named modules with all that they depend on. */
  void readAll(Collection<String> roots) throws IOException {
    read(roots, true);
    if (kernel == null) {
      throw new IOException(file.getFileName() + " holds no boot/vmlinuz-*");
    }
  }

  /** Reads the named modules and all that they depend on. */
  void readModules(Collection<String> roots) throws IOException {
    read(roots, false);
  }

  private void read(Collection<String> roots, boolean everything) throws IOException {
    Set<String> wanted = new LinkedHashSet<>();
    roots.forEach(root -> wanted.add(ModuleInfo.canonical(root)));
    boolean first = everything;
    while (!wanted.isEmpty()) {
      boolean whole = first;
      Set<String> pass = Set.copyOf(wanted);
      client.contents(file, stream -> scan(stream, pass, whole));
      first = false;
      wanted.removeAll(builtIn);
      for (String name : wanted) {
        if (!modules.containsKey(name)) {
          throw new IOException("the kernel package " + file.getFileName() + " has no module '" + name + "'");
        }
      }
      // What a pass brought may depend on modules that had gone by already.
      Set<String> missing = new LinkedHashSet<>();
      modules.forEach((name, bytes) -> missing.addAll(info(name, bytes).dependencies()));
      missing.removeAll(modules.keySet());
      missing.removeAll(builtIn);
      wanted.clear();
      wanted.addAll(missing);
    }
  }

  private Void scan(InputStream stream, Set<String> wanted, boolean everything) throws IOException {
    TarReader tar = new TarReader(stream);
    for (TarReader.Entry entry; (entry = tar.next()) != null;) {
      if (!entry.regular()) {
        continue;
      }
      Matcher module = MODULE.matcher(entry.path());
      if (module.matches()) {
        String name = ModuleInfo.canonical(module.group(1));
        if (wanted.contains(name)) {
          byte[] bytes = tar.content();
          modules.put(name, module.group(2) == null ? bytes : client.unpackXz(bytes));
        }
      } else if (BUILT_IN.matcher(entry.path()).matches()) {
        new String(tar.content(), StandardCharsets.UTF_8).lines().map(KernelPackage::moduleName).forEach(builtIn::add);
      } else if (everything && KERNEL.matcher(entry.path()).matches()) {
        kernel = tar.content();
      } else if (everything) {
        Matcher tree = DEVICE_TREE.matcher(entry.path());
        if (tree.matches() && !tree.group(1).contains("..")) {
          deviceTrees.put(tree.group(1), tar.content());
        }
      }
    }
    return null;
  }

  private static String moduleName(String path) {
    return ModuleInfo.canonical(path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.ko.*", ""));
  }

  private ModuleInfo info(String name, byte[] module) {
    try {
      return ModuleInfo.of(module);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UncheckedIOException(new IOException(file.getFileName() + ": module " + name + " is damaged: " + e.getMessage(), e));
    }
  }
}
