// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.fdt.Fdt;

/**
 * Topology files ({@code .platform}) and devicetree blobs ({@code .dtb}); a service of the loader. Which of the two a file
 * is, its content decides, not its name.
 */
@ProviderType
public interface TopologyStore {
  /**
   * The tree of a file of either kind, raw.
   *
   * @throws PlatformException if it can't be read
   */
  Fdt tree(Path file);

  /**
   * The options that a topology file sets: node path to option name to value. Empty for a devicetree blob.
   *
   * @throws PlatformException if it can't be read
   */
  Map<String, Map<String, String>> options(Path file);

  /**
   * Writes the topology file of a devicetree blob. Each node that an installed model serves gets the options that the model
   * describes.
   *
   * @throws PlatformException if the blob can't be read or the file not be written
   */
  void importTree(Path dtb, Path platform);

  /**
   * Writes the topology file of a tree that was made in code.
   *
   * @param name the platform's name
   * @throws PlatformException if the file can't be written
   */
  void importTree(String name, Fdt tree, Path platform);

  /**
   * Writes the devicetree blob of a topology file: every property as it was imported, byte by byte and in order.
   *
   * @throws PlatformException if the topology can't be read or the file not be written
   */
  void exportTree(Path platform, Path dtb);

  /**
   * Everything worth saying about a file of either kind, errors first. A file that can't be read at all gives one error
   * instead of an exception.
   */
  List<Finding> check(Path file);

  /** Everything worth saying about a board, errors first: of one that is a file, all its variants are made. */
  List<Finding> check(BoardProvider board);
}
