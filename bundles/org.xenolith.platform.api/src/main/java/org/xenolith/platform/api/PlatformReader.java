// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.nio.file.Path;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.fdt.Fdt;

/** Turns trees and topology files into platforms; a service of the loader. */
@ProviderType
public interface PlatformReader {
  /**
   * Node records straight from a tree, without the topology model.
   *
   * @param options node path to option name to value
   * @throws PlatformException if the tree is no platform: the message names node, fault and remedy
   */
  Platform platform(String name, Fdt tree, Map<String, Map<String, String>> options);

  /**
   * Reads a {@code .dtb} or a {@code .platform} file.
   *
   * @throws PlatformException if it can't be read or is not valid
   */
  Platform read(Path file, Map<String, Map<String, String>> options);

  /**
   * The board that a file is, {@code .dtb} or {@code .platform}: it can be asked for CPUs and memory, and for the choices that a
   * topology file has.
   *
   * @throws PlatformException if it can't be read; what is wrong in it is said when it is asked for something
   */
  BoardProvider board(Path file);
}
