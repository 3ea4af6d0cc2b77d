// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.osgi.launch.EquinoxFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogReaderService;

/** A running framework with a product's bundles in it. */
public final class Platform implements AutoCloseable {

  /** A run that is ended while a model hangs leaves threads behind that miss the folder; what they say helps nobody. */
  private static volatile boolean silent;

  /** Bundles that were installed or updated later are no part of the product. */
  private final long began;
  private final Framework framework;
  private final List<String> problems = new ArrayList<>();

  /**
   * Starts the framework and every bundle.
   *
   * @param home the product
   * @param storage the framework's storage: a copy of the product's configuration, or an empty folder
   * @param fresh whether the bundles must be installed first
   * @param code the bundles whose classes the class path has, null for none
   * @param composition what the product has them do
   */
  public Platform(Home home, Path storage, boolean fresh, PathCode code, Composition composition) throws BundleException {
    // Asking for any framework would open every jar of the class path.
    framework = new EquinoxFactory().newFramework(settings(storage, composition), code);
    framework.init();
    PathOwners.are(home, code == null ? null : context());
    framework.getBundleContext().addFrameworkListener(event -> {
      if (event.getThrowable() != null) {
        problems.add(event.getBundle().getSymbolicName() + ": " + event.getThrowable().getMessage());
      }
    });
    LogReaderService log = context().getService(context().getServiceReference(LogReaderService.class));
    log.addLogListener(Platform::show);
    if (fresh) {
      install(home, composition);
    }
    composition.begin(context());
    framework.start();
    began = System.currentTimeMillis();
  }

  /** From now on nothing that bundles log is shown: the process ends. */
  public static void silence() {
    silent = true;
  }

  /** The framework's own bundle context; null once it has stopped. */
  BundleContext context() {
    return framework.getBundleContext();
  }

  /** Why bundles are not running, one line each; empty when all is well. */
  List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    for (Bundle bundle : context().getBundles()) {
      if (bundle.getState() == Bundle.INSTALLED) {
        try {
          bundle.start();
        } catch (BundleException e) {
          all.add(bundle.getSymbolicName() + ": " + e.getMessage());
        }
      }
    }
    return all;
  }

  /**
   * Stops the bundles that came while the framework ran; the process ends now. Those of the product have nothing to do then, and the framework's own way takes a tenth of a second to
   * write down what the next start doesn't read.
   *
   * @param waits told of each bundle before it is stopped
   */
  void leave(Consumer<String> waits) {
    for (Bundle bundle : context().getBundles()) {
      if (isLate(bundle)) {
        waits.accept(named(bundle));
        try {
          bundle.stop();
        } catch (BundleException e) {
          System.err.println("xenolith: " + bundle.getSymbolicName() + " does not stop: " + e.getMessage());
        }
      }
    }
  }

  /** Whether a bundle came, or was changed, while the program ran. */
  boolean isLate(Bundle bundle) {
    return bundle.getBundleId() != 0 && bundle.getLastModified() >= began;
  }

  /** Whether there is such a bundle. */
  boolean hasLate() {
    BundleContext context = context();
    return context != null && Stream.of(context.getBundles()).anyMatch(this::isLate);
  }

  /** The bundle that code is of, with its version: one that came late before the product's; null if it is nobody's. */
  String owner(String className) {
    int dot = className.lastIndexOf('.');
    String folder = dot < 0 ? "/" : className.substring(0, dot).replace('.', '/');
    String file = className.substring(dot + 1).replaceFirst("\\$.*", "") + ".class";
    BundleContext context = context();
    return context == null ? null : Stream.of(context.getBundles()).filter(bundle -> bundle.getBundleId() != 0 && bundle.adapt(
        BundleWiring.class) != null)
        .filter(bundle -> !bundle.adapt(BundleWiring.class).listResources(folder, file, BundleWiring.LISTRESOURCES_LOCAL).isEmpty())
        .min(Comparator.comparing(bundle -> !isLate(bundle))).map(Platform::named).orElse(null);
  }

  private static String named(Bundle bundle) {
    return bundle.getSymbolicName() + " " + bundle.getVersion();
  }

  @Override
  public void close() throws IOException {
    try {
      framework.stop();
      framework.waitForStop(5_000);
    } catch (BundleException e) {
      throw new IOException("The framework does not stop: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // Not before: bundles that stop ask whose classes are.
      PathOwners.are(null, null);
    }
  }

  private void install(Home home, Composition composition) throws BundleException {
    List<Bundle> bundles = new ArrayList<>();
    for (Path jar : home.bundles()) {
      bundles.add(context().installBundle(PathCode.location(jar)));
    }
    for (Bundle bundle : bundles) {
      int level = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0 ? composition.level(bundle) : 0;
      if (level != 0) {
        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
        try {
          bundle.start();
        } catch (BundleException e) {
          problems.add(bundle.getSymbolicName() + ": " + e.getMessage());
        }
      }
    }
    // Those that weren't started, too: what they lack is said when the product is made.
    framework.adapt(FrameworkWiring.class).resolveBundles(null);
  }

  /** What bundles log as an error would otherwise go unseen. */
  private static void show(LogEntry entry) {
    if (entry.getLogLevel() == LogLevel.ERROR && !silent) {
      System.err.println("xenolith: " + entry.getBundle().getSymbolicName() + ": " + entry.getMessage()
          + (entry.getException() == null ? "" : suffix(HostTrouble.full(entry.getException()))));
      if (entry.getException() != null && HostTrouble.full(entry.getException()).isEmpty()) {
        System.err.print(trace(entry.getException()));
      }
    }
  }

  /** As printed. The JDK's own way to print one needs the monitor of the stream, which a bundle may have. */
  static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static String suffix(String full) {
    return full.isEmpty() ? "" : " (" + full + ")";
  }

  private static Map<String, String> settings(Path storage, Composition composition) {
    Map<String, String> settings = new HashMap<>(composition.settings());
    settings.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    // Terminal and standard input are the command line's, not the shell's.
    settings.put("gosh.args", "--nointeractive --noshutdown");
    settings.put("ds.cache.metadata", "true");
    // A file of errors in a folder that goes with the run: they are shown instead.
    settings.put("eclipse.log.enabled", "false");
    // While a recording runs, the JVM makes events of bundles call a class of its own that nobody can import.
    settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "jdk.jfr.internal.event");
    if (ModuleLayer.boot().findModule("java.desktop").isEmpty()) {
      // A runtime without windows. Libraries of Apache's import it, for what nothing here calls.
      settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "java.beans");
    }
    return settings;
  }
}
