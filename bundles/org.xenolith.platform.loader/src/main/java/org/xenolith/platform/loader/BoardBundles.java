// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.kit.BundleFiles;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformException;

/**
 * Offers the boards of bundles that are files, in the name of those bundles: a capability {@value #CAPABILITY} of their manifest
 * names a file, and a board has the name of its file.
 */
final class BoardBundles {
  static final String CAPABILITY = "xenolith.board";

  private final BridgeKinds bridges;
  private final BundleFiles files = new BundleFiles(CAPABILITY, this::offer);

  BoardBundles(BridgeKinds bridges) {
    this.bridges = bridges;
  }

  void open(BundleContext context) {
    files.open(context);
  }

  void close(BundleContext context) {
    files.close(context);
  }

  private ServiceRegistration<?> offer(Bundle bundle, String file) {
    // A name that no file has, if it is missing: asked for that board, the reader says what the manifest lacks.
    String path = file.isEmpty() ? bundle.getSymbolicName() + ".platform" : file;
    String name = new PlatformFile(Path.of(path), new byte[0]).platformName();
    return bundle.getBundleContext().registerService(BoardProvider.class, new BoardFile(name, () -> read(bundle, path), bridges),
        new Hashtable<>(Map.of(CAPABILITY, name)));
  }

  private static Topology read(Bundle bundle, String path) {
    URL entry = bundle.getEntry(path);
    Path name = Path.of(bundle.getSymbolicName(), path);
    if (entry == null) {
      throw new PlatformException(name + " doesn't exist; correct the bundle's manifest (Provide-Capability: " + CAPABILITY + ";"
          + BundleFiles.FILE
          + "=\"PATH\")");
    }
    try (InputStream in = entry.openStream()) {
      return BoardReader.read(new PlatformFile(name, in.readAllBytes()));
    } catch (IOException e) {
      throw new PlatformException(name + " can't be read: " + HostReason.of(name, e).text() + "; build the bundle again", e);
    }
  }
}
