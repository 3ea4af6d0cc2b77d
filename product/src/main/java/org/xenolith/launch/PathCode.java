// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * The bundles whose classes the JVM's own class loader has on its class path (OSGi Core 8, chapter 60): of those alone the JVM keeps linked classes, call sites and
 * profiles ready. Such a bundle is one like any other: its manifest says what it offers and needs. When it is replaced, the new version has a class loader of its own.
 */
public final class PathCode implements ModuleConnector {
  private final String folder;
  private final Path plugins;
  private final Set<String> jars = new HashSet<>();
  private final Function<Path, ClassLoader> loaders;

  private PathCode(Path plugins, List<String> list, Function<Path, ClassLoader> loaders) {
    this.plugins = plugins;
    this.loaders = loaders;
    folder = location(plugins);
    for (String line : list) {
      jars.add(line.substring(0, line.indexOf(' ')));
    }
  }

  /** What a product has on the class path of this process; null if it was started otherwise. */
  static PathCode of(Home home) throws IOException {
    return home.onClassPath() ? listed(home) : null;
  }

  static PathCode listed(Home home) throws IOException {
    return new PathCode(home.plugins(), Files.readAllLines(home.codeList()), jar -> ClassLoader.getSystemClassLoader());
  }

  /** The same for a product whose bundles have resources of the same name: each sees its own. */
  public static PathCode withOwnResources(Home home) throws IOException {
    return home.onClassPath() ? new PathCode(home.plugins(), Files.readAllLines(home.codeList()), OwnResources::new) : null;
  }

  /** Where the framework has a bundle from: "reference" makes it use the file where it lies instead of copying it. */
  static String location(Path jar) {
    return "reference:" + jar.toAbsolutePath().toUri();
  }

  @Override
  public Optional<ConnectModule> connect(String location) {
    String jar = location.startsWith(folder) ? location.substring(folder.length()) : "";
    return jars.contains(jar) ? Optional.of(module(plugins.resolve(jar))) : Optional.empty();
  }

  private ConnectModule module(Path jar) {
    PathContent content = new PathContent(jar, loaders.apply(jar));
    return () -> content;
  }

  @Override
  public void initialize(File storage, Map<String, String> configuration) {
    // Nothing is kept.
  }

  @Override
  public Optional<BundleActivator> newBundleActivator() {
    return Optional.empty();
  }
}
