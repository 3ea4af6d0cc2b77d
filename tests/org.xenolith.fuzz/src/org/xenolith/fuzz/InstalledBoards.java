// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.HostBridgeKind;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** The boards that are files of bundles on the class path (capability {@code xenolith.board} of their manifests), without OSGi. */
public final class InstalledBoards {
  private static final Pattern CAPABILITY = Pattern.compile("xenolith\\.board;file=\"([^\"]+)\"");

  private InstalledBoards() {}

  /** The board of that name, with the kinds of host bridges among the components. */
  public static BoardProvider board(String name, List<InstalledComponent> components) {
    Map<String, HostBridgeKind> kinds = new TreeMap<>();
    components.stream().filter(c -> c.provides(HostBridgeKind.class)).forEach(c -> kinds.put(c.properties().get(HostBridgeKind.NAME)
        .getFirst(), c.make(HostBridgeKind.class)));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith(".jar")) {
        try (JarFile jar = new JarFile(entry)) {
          String provided = jar.getManifest() == null ? null : jar.getManifest().getMainAttributes().getValue("Provide-Capability");
          Matcher board = CAPABILITY.matcher(provided == null ? "" : provided);
          if (board.find() && board.group(1).endsWith(name + ".platform")) {
            try (FileSystem files = FileSystems.newFileSystem(Path.of(entry))) {
              return PlatformLoaderComponent.plain(kinds).board(files.getPath(board.group(1)));
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(entry, e);
        }
      }
    }
    throw new IllegalStateException("no bundle on the class path has the board " + name);
  }
}
