// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.kit.UnifiedKernel;
import org.xenolith.boot.kit.UnifiedTree;
import org.xenolith.platform.api.PlatformException;

/**
 * The board that a unified kernel image is made for: one of its device trees. {@code FILE} is the tree that it has for any board ({@code .dtb}), or its only one; {@code FILE#NAME} the one
 * for boards that are compatible with a name. Another profile than the first isn't looked into.
 *
 * @param file the image
 * @param name what the board is compatible with; empty for the image's own choice
 */
record UnifiedBoard(Path file, String name) {
  private static final char MARK = '#';

  /** Of a file as it was named; one that there is may have any name. */
  static UnifiedBoard of(Path named) {
    String text = named.toString();
    int mark = text.lastIndexOf(MARK);
    return mark <= 0 || Files.exists(named) ? new UnifiedBoard(named, "") : new UnifiedBoard(Path.of(text.substring(0, mark)), text
        .substring(
            mark + 1));
  }

  /** Whether the file may be an image: an EFI program, by how it begins. */
  boolean isProgram() throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (var in = Files.newInputStream(file)) {
      return in.read() == 'M' && in.read() == 'Z';
    }
  }

  /**
   * The blob of the tree.
   *
   * @param bytes the image's
   * @throws PlatformException if it is no such image, or has no such tree
   */
  byte[] tree(byte[] bytes) {
    List<UnifiedTree> all;
    try {
      all = UnifiedKernel.of(bytes, "").orElseThrow(() -> new PlatformException(file
          + " is an EFI program and no unified kernel image (it has no section .linux): there is no board in it; give a .dtb, a .dts or a"
          + " .platform file")).trees();
    } catch (BootException e) {
      throw new PlatformException(file + ": " + e.getMessage(), e);
    }
    if (all.isEmpty()) {
      throw new PlatformException(file + " is a unified kernel image without a device tree (.dtb, .dtbauto): boot it on a board that you"
          + " name");
    }
    List<UnifiedTree> fitting = name.isEmpty() ? all.size() == 1 ? all : all.stream().filter(one -> !one.automatic()).toList()
        : all.stream().filter(one -> one.compatible().contains(name)).toList();
    if (fitting.isEmpty()) {
      String names = all.stream().map(UnifiedTree::name).distinct().collect(Collectors.joining(", "));
      throw new PlatformException(file + (name.isEmpty() ? " has device trees for several boards" : " has no device tree for '" + name
          + "'")
          + "; say for which: " + file + MARK + "NAME, with one of " + names);
    }
    return fitting.getFirst().blob();
  }
}
