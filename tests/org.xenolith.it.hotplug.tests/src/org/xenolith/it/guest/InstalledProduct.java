// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.platform.api.BoardProvider;

/**
 * The bundles of the product that the build has made, installed into the framework that runs the tests. No bundle requires
 * them, as in the product, so that a replaced version can be collected.
 */
public final class InstalledProduct {
  /** A shell of the product would take the standard input of the tests, and end the framework at its end. */
  private static final Pattern FOR_A_TERMINAL = Pattern.compile("org\\.xenolith\\.cli|org\\.apache\\.felix\\.gogo\\..*");
  private static InstalledProduct instance;
  private final BundleContext context;
  private final Map<String, Path> jars = new LinkedHashMap<>();
  private final Map<String, String> versions = new LinkedHashMap<>();

  private InstalledProduct() {
    context = FrameworkUtil.getBundle(InstalledProduct.class).getBundleContext();
    Path plugins = root().resolve("product/target/xenolith/plugins");
    try (Stream<Path> files = Files.list(plugins)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
        read(jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(plugins + ": build the product first with ./xenolith build", e);
    }
    install();
  }

  /** The product; installed at the first call. */
  public static synchronized InstalledProduct get() {
    if (instance == null) {
      instance = new InstalledProduct();
    }
    return instance;
  }

  /** The checkout; the build gives it in the system property {@code xenolith.root}. */
  public static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new IllegalStateException("the system property xenolith.root does not name the checkout");
    }
    return Path.of(root);
  }

  private void read(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      var main = file.getManifest().getMainAttributes();
      String name = main.getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
      jars.put(name, jar);
      versions.put(name, main.getValue("Bundle-Version"));
    }
  }

  private void install() {
    List<Bundle> fresh = new ArrayList<>();
    try {
      for (Map.Entry<String, Path> jar : jars.entrySet()) {
        if (bundle(jar.getKey()) == null && !FOR_A_TERMINAL.matcher(jar.getKey()).matches()) {
          fresh.add(context.installBundle("reference:" + jar.getValue().toUri()));
        }
      }
      for (Bundle bundle : fresh) {
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      }
    } catch (BundleException e) {
      throw new IllegalStateException("the product's bundles do not start here", e);
    }
  }

  /** The installed bundle of that name, or null. */
  public Bundle bundle(String symbolicName) {
    return Stream.of(context.getBundles()).filter(b -> symbolicName.equals(b.getSymbolicName())).findFirst().orElse(null);
  }

  /** The only service of a type. */
  public <T> T service(Class<T> type) {
    ServiceReference<T> reference = context.getServiceReference(type);
    if (reference == null) {
      throw new IllegalStateException("nobody offers " + type.getName());
    }
    return context.getService(reference);
  }

  /** All services of a type. */
  public <T> List<T> services(Class<T> type) {
    try {
      return context.getServiceReferences(type, null).stream().map(context::getService).toList();
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The board of that name. */
  public BoardProvider board(String name) {
    return services(BoardProvider.class).stream().filter(b -> b.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody offers a board " + name));
  }

  /**
   * Symbolic names of the bundles that offer a service.
   *
   * @param filter of its properties, or null for all
   * @param wanted which of those it is to be
   */
  public <T> Set<String> offering(Class<T> type, String filter, Predicate<T> wanted) {
    Set<String> bundles = new TreeSet<>();
    try {
      for (ServiceReference<T> reference : context.getServiceReferences(type, filter)) {
        if (wanted.test(context.getService(reference))) {
          bundles.add(reference.getBundle().getSymbolicName());
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
    return bundles;
  }

  /** Symbolic names of the bundles with engines for such instructions, by the engines' names; the one that CPUs get first. */
  public Map<String, String> engines(String instructions) {
    Map<String, String> bundles = new LinkedHashMap<>();
    try {
      context.getServiceReferences(CpuEngineFactory.class, "(xenolith.instructions=" + instructions + ")").stream().sorted(Comparator
          .reverseOrder()).forEach(engine -> bundles.put((String) engine.getProperty("xenolith.engine"), engine.getBundle()
              .getSymbolicName()));
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
    return bundles;
  }

  /** Whether somebody offers a service with such properties. */
  boolean offers(Class<?> type, String filter) {
    try {
      return !context.getServiceReferences(type, filter).isEmpty();
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Replaces, removes and adds bundles, and looks whether versions that {@link MarkedCode} made serve then. */
  public LiveChange change() {
    return new CheckedChange(service(LiveChange.class));
  }

  /** The jar that the build has made. */
  public byte[] jar(String symbolicName) {
    try {
      return Files.readAllBytes(file(symbolicName));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where that jar is. */
  public Path file(String symbolicName) {
    Path jar = jars.get(symbolicName);
    if (jar == null) {
      throw new IllegalArgumentException(symbolicName + " is not in the product");
    }
    return jar;
  }

  /** Jars of the product whose packages a model can import. */
  public List<Path> files() {
    return List.copyOf(jars.values());
  }

  /** The bundle of the engine that machines get. */
  public String engine() {
    return "org.xenolith.cpu.a64." + (MachineCodeHost.here() ? MachineCodeHost.ENGINE : "regions");
  }

  /**
   * The bundles that may change under a running machine: hardware, firmware, disk formats and the engine that machines get.
   */
  public Set<String> providers() {
    Set<String> names = new TreeSet<>(Set.of(engine()));
    for (String name : jars.keySet()) {
      if (name.matches("org\\.xenolith\\.(hw|firmware)\\..*|org\\.xenolith\\.block\\.raw")) {
        names.add(name);
      }
    }
    return names;
  }

  /** Brings every bundle of ours back to what the build has made; for the end of a test. */
  public void restore() throws IOException {
    for (String name : jars.keySet()) {
      if (!name.startsWith("org.xenolith.") || FOR_A_TERMINAL.matcher(name).matches()) {
        continue;
      }
      Bundle bundle = bundle(name);
      LiveChange.Change done;
      if (bundle == null) {
        done = change().add(new ByteArrayInputStream(jar(name)));
      } else if (!bundle.getVersion().toString().equals(versions.get(name))) {
        if (RecordForm.differs(name)) {
          // The build's version takes its own records only.
          change().replace(name, new ByteArrayInputStream(JarEdit.version(jar(name), "1.0.9999", RecordForm.ORIGINAL)));
          RecordForm.forget(name);
        }
        done = change().replace(name, new ByteArrayInputStream(jar(name)));
      } else {
        continue;
      }
      if (!done.done()) {
        throw new IllegalStateException(name + " does not come back: " + done.reason());
      }
    }
  }
}
