
// SPDX-License-Identifier: EPL-2.0
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.core.runtime.adaptor.EclipseStarter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/** Starts an Eclipse as it was installed, and says which bundles of a name it has: a line each, with its state. Ends with 1 where one can't be resolved or there is none. */
final class CheckEclipse {
  private CheckEclipse() {}

  /** Arguments: the Eclipse's folder; what the bundles' names begin with. */
  public static void main(String[] arguments) throws Exception {
    Path eclipse = Path.of(arguments[0]).toRealPath();
    Map<String, String> properties = new HashMap<>();
    properties.put("osgi.install.area", eclipse.toUri().toString());
    properties.put("osgi.configuration.area", eclipse.resolve("configuration").toUri().toString());
    properties.put("osgi.instance.area", Files.createTempDirectory("check-eclipse").toUri().toString());
    properties.put("osgi.framework", framework(eclipse).toUri().toString());
    properties.put("osgi.clean", "true");
    properties.put("eclipse.ignoreApp", "true");
    properties.put("osgi.noShutdown", "true");
    EclipseStarter.setInitialProperties(properties);
    BundleContext context = EclipseStarter.startup(new String[0], null);
    context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).resolveBundles(null);
    int resolved = 0;
    int left = 0;
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getSymbolicName().startsWith(arguments[1])) {
        boolean there = bundle.getState() != Bundle.INSTALLED;
        resolved += there ? 1 : 0;
        left += there ? 0 : 1;
        System.out.println((there ? "resolved " : "UNRESOLVED ") + bundle.getSymbolicName() + " " + bundle.getVersion());
        if (!there) {
          try {
            bundle.start();
          } catch (Exception e) {
            System.out.println("  " + e.getMessage().replaceAll("\\R\\s*", " "));
          }
        }
      }
    }
    System.out.println(resolved + " resolved, " + left + " not");
    EclipseStarter.shutdown();
    System.exit(left == 0 && resolved > 0 ? 0 : 1);
  }

  private static Path framework(Path eclipse) throws Exception {
    try (Stream<Path> jars = Files.list(eclipse.resolve("plugins"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith("org.eclipse.osgi_")).findFirst().orElseThrow();
    }
  }
}
