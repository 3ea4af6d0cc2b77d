// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogReaderService;
import org.xenolith.command.api.HostReason;
import org.xenolith.launch.api.Launcher;

/**
 * The product's bundles in a framework of this process. Contracts and kits that tests have on their class path are in the place of the product's, so that both mean the same types.
 */
final class StartedProduct implements AutoCloseable {
  /** A command line and its shell would take the standard streams of the tests. */
  private static final List<String> FOR_A_TERMINAL = List.of("org.xenolith.cli", "org.apache.felix.gogo.");
  /** Where guests' memory must be for machine code to reach it; see {@code HostMemory} of {@code machine.kit}. */
  private static final String MEMORY = "xenolith.memory";
  /** The JVM's, no option of launches. */
  private static final String NATIVE_ACCESS = "-" + "-enable-native-access=ALL-UNNAMED";
  private static final long STOP_MILLISECONDS = 10_000;
  private final ProductFolder product;
  private final Framework framework;
  private final List<String> problems = new CopyOnWriteArrayList<>();

  /**
   * Starts them.
   *
   * @param storage an empty folder
   * @throws IllegalStateException if they can't be
   */
  StartedProduct(ProductFolder product, Path storage) {
    this.product = product;
    if (System.getProperty(MEMORY) == null && System.getProperty("os.arch").equals("amd64") && System.getProperty("os.name").equals(
        "Linux")) {
      System.setProperty(MEMORY, "outside");
      if (!StartedProduct.class.getModule().isNativeAccessEnabled()) {
        System.err.println(
            "xenolith: the JVM of the tests isn't told " + NATIVE_ACCESS + " (surefire's argLine): no guest code becomes"
                + " machine code, and each test's fork copies RAM instead of sharing it");
      }
    }
    ClassPathBundles known = ClassPathBundles.of(StartedProduct.class.getClassLoader(), product.jars().stream().map(
        StartedProduct::manifest).toList());
    framework = ServiceLoader.load(FrameworkFactory.class, StartedProduct.class.getClassLoader()).findFirst().orElseThrow(
        () -> new IllegalStateException("no OSGi framework is on the class path of the tests: add org.eclipse.platform:org.eclipse.osgi,"
            + " whose version Xenolith's BOM has")).newFramework(settings(storage, known));
    try {
      framework.init();
      BundleContext context = framework.getBundleContext();
      context.getService(context.getServiceReference(LogReaderService.class)).addLogListener(this::hear);
      start(known);
      framework.start();
    } catch (BundleException e) {
      throw new IllegalStateException("the framework doesn't start: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> settings(Path storage, ClassPathBundles known) {
    Map<String, String> settings = new HashMap<>();
    settings.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, known.exports());
    settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "jdk.jfr.internal.event");
    settings.put("eclipse.log.enabled", "false");
    return settings;
  }

  private void start(ClassPathBundles known) throws BundleException {
    List<Bundle> bundles = new ArrayList<>();
    for (Path jar : product.jars()) {
      Attributes manifest = manifest(jar);
      if (!known.has(manifest) && FOR_A_TERMINAL.stream().noneMatch(ClassPathBundles.name(manifest)::startsWith)) {
        bundles.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
      }
    }
    for (Bundle bundle : bundles) {
      if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
        try {
          bundle.start();
        } catch (BundleException e) {
          problems.add(bundle.getSymbolicName() + ": " + e.getMessage());
        }
      }
    }
  }

  private static Attributes manifest(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes();
    } catch (IOException e) {
      throw new UncheckedIOException(jar + " can't be read", e);
    }
  }

  /** What bundles log as an error would otherwise go unseen. On any thread. */
  private void hear(LogEntry entry) {
    if (entry.getLogLevel() == LogLevel.ERROR) {
      Throwable thrown = entry.getException();
      String text = entry.getBundle().getSymbolicName() + ": " + entry.getMessage() + (thrown == null ? "" : ": " + thrown);
      problems.add(text);
      System.err.println("xenolith: " + text);
    }
  }

  ProductFolder product() {
    return product;
  }

  /** Puts machines together. */
  Launcher launcher() {
    return services(Launcher.class).stream().findFirst().orElseThrow(() -> new IllegalStateException("the bundles of " + product.folder()
        + " offer no machines: the artifacts on the class path of the tests may be of another build than they; take both of one, by"
        + " './xenolith sdk repository' in the checkout that the product was built in" + problems.stream().limit(5).map(each -> "\n  "
            + each)
            .collect(Collectors.joining())));
  }

  /** All services of a type, the one of highest rank first. */
  <T> List<T> services(Class<T> type) {
    BundleContext context = framework.getBundleContext();
    try {
      return context.getServiceReferences(type, null).stream().sorted(Collections.reverseOrder()).map((
          ServiceReference<T> reference) -> context.getService(reference)).toList();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("no filter is wrong", e);
    }
  }

  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(STOP_MILLISECONDS);
    } catch (BundleException e) {
      System.err.println("xenolith: the framework does not stop: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes a folder and all that is in it. */
  static void delete(@Nullable Path folder) {
    if (folder == null || !Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Collections.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      System.err.println("xenolith: " + folder + " could not be deleted: " + HostReason.of(e).text());
    }
  }
}
